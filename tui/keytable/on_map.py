"""Actions on the map."""

from __future__ import annotations

from tui.key import Key

# fmt: off
KEYS: tuple[Key, ...] = (
    Key("map-left", "map", "left,h", "left h", "step(-1, 0)", "left",
        "Move to the nearest sound on the left"),
    Key("map-right", "map", "right,l", "right l", "step(1, 0)", "right",
        "Move to the nearest sound on the right"),
    Key("map-up", "map", "up,k", "up k", "step(0, -1)", "up", "Move to the nearest sound above"),
    Key("map-down", "map", "down,j", "down j", "step(0, 1)", "down",
        "Move to the nearest sound below"),
    Key("map-zoom-in", "map", "plus,equals_sign", "+", "zoom(1)", "zoom",
        "Zoom into the map around the cursor"),
    Key("map-zoom-out", "map", "minus", "-", "zoom(-1)", "zoom out",
        "Zoom out of the map"),
    Key("map-whole", "map", "home", "home", "whole", "whole map", "Show the whole map"),
    Key("map-pan-left", "map", "shift+left,H", "shift left", "pan(-1, 0)", "pan left",
        "Pan the map to the left"),
    Key("map-pan-right", "map", "shift+right,L", "shift right", "pan(1, 0)", "pan right",
        "Pan the map to the right"),
    Key("map-pan-up", "map", "shift+up,K", "shift up", "pan(0, -1)", "pan up",
        "Pan the map upwards"),
    Key("map-pan-down", "map", "shift+down,J", "shift down", "pan(0, 1)", "pan down",
        "Pan the map downwards"),
    Key("map-enter", "map", "enter", "enter", "choose", "play or morph",
        "Play from the start; on a marked sound, open the morph; take what is in the lasso"),
    Key("map-lasso", "map", "n", "n", "lasso", "lasso",
        "Draw a lasso with the arrow keys or the mouse, or leave it"),
    Key("map-colour", "map", "o", "o", "colour(False)", "colours",
        "Colour the map by the next thing: category, folder, rating, attributes"),
    Key("map-colour-by", "map", "O", "O", "colour(True)", "colour by",
        "Choose what the map is coloured by, a tag or another query too"),
)
# fmt: on
