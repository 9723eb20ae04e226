"""The codecs of an open library: added, trusted, loaded, used, forgotten.

Models load when they are first needed, and are kept in memory by their digest.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from index import codec_files, codec_rows
from index.answers import CodecRow, EncodeReport, TuningReport
from index.codec_rows import HOUSE
from index.trust import trust_program
from library import kept_files
from library.database import writing
from library.errors import ModelError, UserError
from library.progress import Job
from library.tables import TUNED, Setting
from library.tables import Codec as CodecTable
from library.trusted import trusted_digests

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from vae.codec import BaseCodec


class Codecs:
    """The codecs of one open library.

    Args:
        engine: The library.
        files: The folder where their files lie.
    """

    def __init__(self, engine: Engine, files: Path) -> None:
        self.files = files
        self._engine = engine
        self._lock = threading.Lock()
        self._loaded: dict[str, BaseCodec] = {}

    def rows(self) -> list[CodecRow]:
        """Return every codec, the house codec first."""
        return codec_rows.list_codecs(self._engine)

    def row(self, name: str) -> CodecRow:
        """Return what is told of a codec.

        Raises:
            LibraryError: There is no such codec.
        """
        for row in self.rows():
            if row.name == name:
                return row
        raise codec_rows.no_codec(name)

    def trouble(self, name: str) -> tuple[str, str] | None:
        """Return what is wrong with a codec's file, and what to do; nothing of it runs."""
        if name == HOUSE:
            return None
        return codec_files.trouble(codec_rows.find_codec(self._engine, name), self.files)

    def load(self, name: str | None = None) -> BaseCodec:
        """Return a codec, ready to be used; the one in use where None.

        Raises:
            LibraryError: There is no such codec, or its file is lost.
            ModelError: It is not trusted, or cannot be loaded.
        """
        wanted = name if name is not None else codec_rows.name_in_use(self._engine)
        if wanted == HOUSE:
            from vae.house_codec import house_codec

            return house_codec()
        return self._open(codec_rows.find_codec(self._engine, wanted))

    def of_digest(self, digest: str) -> BaseCodec | None:
        """Return the codec of a digest, ready to be used; None where the library has it no more."""
        house = self.load(HOUSE)
        if house.digest == digest:
            return house
        row = codec_rows.find_digest(self._engine, digest)
        return self._open(row) if row is not None else None

    def _open(self, row: CodecTable) -> BaseCodec:
        if not codec_rows.may_run(row, trusted_digests()):
            raise ModelError(
                f"the codec {row.name!r} is a program that you have not trusted",
                f"crate codec trust {row.digest[:12]}",
            )
        with self._lock:
            codec = self._loaded.get(row.digest)
            # Its sample rate may have been changed since, even by another process.
            if codec is None or not codec_rows.is_at_rate(row, codec.sample_rate):
                codec = self._loaded[row.digest] = codec_files.read_codec(row, self.files)
            return codec

    def add(self, path: Path, name: str | None = None) -> CodecRow:
        """Keep a copy of a codec's file; nothing of a TorchScript file runs.

        A file that is known but lost or changed in the library's folder is put back.

        Args:
            path: A TorchScript file, or a tuned house codec as safetensors.
            name: For the codec; the file's own where None.

        Raises:
            UserError: The name cannot be, or the library has this codec.
            ModelError: The file is damaged, or no codec.
            LibraryError: The copy cannot be made.
        """
        wanted = name if name is not None else codec_files.name_of(path)
        codec_rows.check_name(wanted)
        with kept_files.keeping(self.files, "the codec") as copy:
            digest = codec_files.copy_file(path, copy)
            if digest == codec_rows.house_digest():
                raise UserError("this is the house codec", "it is always there")
            known = codec_rows.find_digest(self._engine, digest)
            if known is not None:
                if codec_files.trouble(known, self.files) is None:
                    raise UserError(
                        f"the library has this codec, as {known.name!r}",
                        "crate codec list shows it",
                    )
                kept_files.into_place(copy, kept_files.path_of(self.files, known.file))
                return self.row(known.name)
            kind, facts = codec_files.look_at(copy, path.name)
            file = codec_files.file_name(wanted, kind, digest)
            with writing(self._engine) as session:
                if codec_rows.named(session, wanted) is not None:
                    raise UserError(
                        f"there is a codec {wanted!r} already", "give another name with --name"
                    )
                row = CodecTable(name=wanted, kind=kind, digest=digest, file=file, facts=facts)
                row.trusted = kind == TUNED
                session.add(row)
                kept_files.into_place(copy, self.files / file)
        codec_files.tidy(self._engine, self.files)
        return self.row(wanted)

    def trust(self, beginning: str, sample_rate: int | None = None) -> CodecRow:
        """Let a codec run from now on; it runs for the first time, on a short sound.

        The digest is kept for the user too: a library alone can make nothing run.

        Args:
            beginning: Of its digest, at least eight digits.
            sample_rate: Hz, for a codec that does not say it; what it says where None.

        Raises:
            UserError: That is no digest, or the beginning of several; or no sample rate.
            LibraryError: There is no such codec, or its file is lost.
            ModelError: The codec fails on the sound; it stays untrusted.
        """
        if sample_rate is not None:
            from vae.torchscript_sizes import check_rate

            check_rate(sample_rate)
        row = codec_rows.find_beginning(self._engine, beginning)
        if row.kind == TUNED:
            return self.row(row.name)
        codec = trust_program(self._engine, row, self.files, sample_rate)
        with self._lock:
            self._loaded[row.digest] = codec
        return self.row(row.name)

    def use(self, name: str) -> Job[EncodeReport]:
        """Learn new spaces on a codec from now on, and encode all samples with it; a job.

        Of a discrete codec nothing is encoded: no space can be learned on codes.

        Raises:
            LibraryError: There is no such codec, or its file is lost.
            ModelError: It is not trusted, or cannot be loaded.
        """
        from index.encode import encode

        codec = self.load(name)
        codec_rows.use(self._engine, name)
        if codec.discrete:
            return EncodeReport(0, ())
        return (yield from encode(self._engine, codec, again=True))

    def forget(self, name: str) -> None:
        """Delete the library's copy of a codec, and its latents.

        Raises:
            UserError: It is the house codec.
            LibraryError: There is no such codec, or a space needs it.
        """
        if name == HOUSE:
            raise UserError("the house codec cannot be forgotten", "it belongs to the program")
        with writing(self._engine) as session:
            row = codec_rows.named(session, name)
            if row is None:
                raise codec_rows.no_codec(name)
            file, digest = row.file, row.digest
            codec_rows.check_free(
                session, row, "train it again on another codec, or crate forget it"
            )
            codec_rows.drop_latents(session, row)
            session.delete(row)
            chosen = session.get(Setting, codec_rows.IN_USE)
            if chosen is not None and chosen.value == name:
                session.delete(chosen)
        codec_files.tidy(self._engine, self.files, file)
        with self._lock:
            self._loaded.pop(digest, None)

    def tune(self, name: str, where: str = "", minutes: float = 10.0) -> Job[TuningReport]:
        """Adapt the house codec to the samples that match, and keep it; a job.

        One that is stopped keeps the best it had.

        Args:
            name: Of the tuned codec; an earlier one of this name is replaced.
            where: A query.
            minutes: Time to spend.
        """
        from index.tuning import tune_codec

        return (yield from tune_codec(self._engine, self.files, name, where, minutes))
