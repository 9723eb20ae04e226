"""The tables of actions, one module for each place or subject; `tui.keys` joins them."""
