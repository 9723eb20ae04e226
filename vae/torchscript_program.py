"""A TorchScript codec that somebody else wrote, run so that it cannot surprise.

Every call starts from the same memory and the same chance, is checked, and fails in one line.
Streaming exports keep the end of each call's input in buffers called `pad`; others may keep
whatever they like.
"""

from __future__ import annotations

import copy
import hashlib
import io
import re
import threading
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.jit import ScriptModule

from library.errors import ModelError

# Where exports for Neutone keep the codec that they wrap.
WRAPPED = ((), ("model",), ("w2w_base", "model"))

FAILURES = (
    torch.jit.Error, RuntimeError, TypeError, ValueError, IndexError, AttributeError, OSError,
    KeyError, MemoryError, ArithmeticError,
)  # fmt: skip
# Chance belongs to the whole process: two programs must not draw from it at once.
_ONE_AT_A_TIME = threading.Lock()


def reason(error: BaseException) -> str:
    """Return what an error of a TorchScript program says, without its traceback, in one line."""
    if isinstance(error, MemoryError) or "DefaultCPUAllocator" in str(error):
        return "it wants more memory than there is"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = [line for line in lines if re.match(r"[\w.]*(?:Error|Exception): \S", line)]
    line = (said or lines or [type(error).__name__])[-1].removeprefix("builtins.")
    return "".join(c if c.isprintable() else " " for c in line)[:160]


class Program:
    """A loaded program with `encode` and `decode`.

    Args:
        module: The program.
        name: Of the codec, for messages.
    """

    def __init__(self, module: ScriptModule, name: str) -> None:
        self._name = name
        self._module = self._running = _codec_in(module, name)
        self._memory = {
            key: buffer.clone() for key, buffer in self._module.named_buffers() if not _pads(key)
        }
        self._forgets = True
        self._code_type = torch.float32

    def fail(self, what: str, hint: str = "use another export") -> ModelError:
        """Return an error that names the codec."""
        return ModelError(f"the codec {self._name!r} {what}", hint)

    @torch.inference_mode()
    def run(self, method: str, values: Tensor, seed: int = 0) -> Tensor:
        """Run a method on a batch of one.

        Args:
            method: "encode" or "decode".
            values: float32, shape (1, channels or dims, frames or steps).
            seed: Of what is random in it.

        Returns:
            float32, finite, shape (c, n).

        Raises:
            ModelError: The program fails, or returns what is no such tensor.
        """
        # Copies: a program may write into what it is given, or return a view of its memory.
        given = values.to(self._code_type if method == "decode" else torch.float32, copy=True)
        with _ONE_AT_A_TIME, torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)
            try:
                self._forget()
                # Lengths differ from call to call: optimising for each costs more than it saves.
                with torch.jit.optimized_execution(False):  # type: ignore[attr-defined]
                    made = getattr(self._running, method)(given)
                if not isinstance(made, Tensor) or made.ndim != 3 or len(made) != 1:
                    raise self.fail(f"returns no tensor of three dimensions from {method}")
                if made.is_complex():
                    raise self.fail(f"returns values that are not real from {method}")
                if method == "encode" and not made.is_floating_point():
                    self._code_type = made.dtype
                found = made[0].to(torch.float32, copy=True)
                finite = bool(found.isfinite().all())
            except FAILURES as error:
                raise self.fail(f"cannot {method} this ({reason(error)})") from None
        if not finite:
            raise self.fail(f"returns values that are not numbers from {method}")
        return found

    def _forget(self) -> None:
        """Set the program's memory back to what it was in the file, and `pad` to silence."""
        if not self._forgets:
            self._running = copy.deepcopy(self._module)
        for name, buffer in list(self._running.named_buffers()):
            before = self._memory.get(name)
            if _pads(name):
                buffer.zero_()
            elif before is not None and buffer.shape == before.shape:
                buffer.copy_(before)
            elif before is not None:
                owner, _, last = name.rpartition(".")
                setattr(self._running.get_submodule(owner), last, before.clone())

    def settle(self, method: str, values: Tensor) -> Tensor:
        """Run a method twice, and make sure that it does the same both times.

        What is remembered outside of buffers can only be forgotten with a copy of the program.

        Raises:
            ModelError: It never does the same twice.
        """
        first, again = self.run(method, values), self.run(method, values)
        if self._forgets and not same(first, again):
            # What the calls so far left behind stays, but is the same after every loading.
            self._forgets = False
            first, again = self.run(method, values), self.run(method, values)
        if not same(first, again):
            raise self.fail(f"does not {method} the same sound twice in the same way")
        return first

    def said(self, name: str, within: str = "") -> Any:
        """Return an attribute of the program, or of a module within it; None where it has none."""
        return _part(_part(self._module, within) if within else self._module, name)


def _part(module: Any, name: str) -> Any:
    """Return an attribute; None where there is none, or where it is a program that fails."""
    try:
        return getattr(module, name, None)
    except FAILURES:
        return None


def _pads(buffer: str) -> bool:
    return buffer.rpartition(".")[2] == "pad"


def same(first: Tensor, second: Tensor) -> bool:
    """Return whether two results differ by no more than float noise."""
    return first.shape == second.shape and torch.allclose(first, second, rtol=1e-3, atol=1e-5)


def _codec_in(module: ScriptModule, name: str) -> ScriptModule:
    for path in WRAPPED:
        inside: Any = module
        for part in path:
            inside = _part(inside, part)
        if _part(inside, "encode") is not None and _part(inside, "decode") is not None:
            found: ScriptModule = inside
            return found
    raise ModelError(f"the codec {name!r} cannot encode and decode", "export the whole model")


def open_program(path: Path, digest: str, name: str) -> Program:
    """Load a program. This runs it: only for files that the user trusts.

    Args:
        path: A TorchScript file.
        digest: Of the file that the user trusted, as `torchscript_file.digest_of` makes it.
        name: Of the codec, for messages.

    Raises:
        ModelError: The file cannot be read, is another one by now, or is no codec.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"the codec {name!r} cannot be read ({error.strerror})", "check its path"
        ) from error
    # What was read is what is loaded, even if the file changes in between.
    if hashlib.blake2b(data, digest_size=16).hexdigest() != digest:
        raise ModelError(f"the file of the codec {name!r} has changed", "look at it and trust it")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"`torch\.jit\.load` is", DeprecationWarning)
        try:
            module = torch.jit.load(io.BytesIO(data), map_location="cpu").eval()
            return Program(module, name)
        except FAILURES as error:
            raise ModelError(
                f"the codec {name!r} cannot be loaded ({reason(error)})", "export it again"
            ) from None
