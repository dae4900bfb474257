"""Lays out papers in a process of its own: whoever prints many stays small, and outlives a paper that does not end.

WeasyPrint keeps a little of every paper. A `PrintShop` is therefore opened for some twenty papers and closed again, and
the process that asks never loads it. The child needs no database: it gets a paper as HTML with its layout, or as the
content of a Word file, and gives back the bytes. For HTML it loads no model either, which is most of what it would
take to start. It ends by itself when whoever started it is gone.

On the wire: eight bytes with the length, then JSON; the answer is the same with the bytes of the paper behind it.
"""

import contextlib
import dataclasses
import gc
import io
import json
import os
import subprocess
import sys
import threading
import traceback
from typing import TYPE_CHECKING

import django
from django.conf import settings

from .sheet import Layout

if TYPE_CHECKING:  # they load the models
    from .content import ReportContent
    from .proof import Proof

PAPER_SECONDS = 120  # a paper that takes longer is given up; the longest term report takes about ten
LENGTH = 8
CHILD = f"from {__name__} import be_the_child; be_the_child()"


class PaperRefused(Exception):
    """This paper could not be laid out; the next one may be."""


@dataclasses.dataclass(frozen=True, slots=True)
class Printed:
    """A finished paper; `pages` is 0 for Word, which counts them itself."""

    content: bytes
    pages: int


class PrintShop:
    """Starts its process with the first paper. Use it as a context manager; not from two threads at once."""

    def __init__(self, *, seconds: int = PAPER_SECONDS):
        self.seconds, self.child = seconds, None

    def __enter__(self) -> "PrintShop":
        return self

    def __exit__(self, *error) -> None:
        self.close()

    def pdf(self, html: str, layout: Layout, *, archive: bool = False) -> Printed:
        order = {"what": "pdf", "html": html, "layout": dataclasses.asdict(layout), "archive": archive}
        return self._printed(order)

    def word(self, content: "ReportContent", proof: "Proof | None" = None) -> Printed:
        shown = dataclasses.asdict(proof) if proof else None
        return self._printed({"what": "docx", "content": content.to_json(), "proof": shown})

    def close(self) -> None:
        """The child sees the end of its input and goes; one that does not is killed."""
        if self.child is None:
            return
        child, self.child = self.child, None
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()

    def _printed(self, order: dict) -> Printed:
        child = self._started()
        late = threading.Timer(self.seconds, child.kill)
        late.start()
        try:
            _write(child.stdin, json.dumps(order).encode())
            said = json.loads(_read(child.stdout))
            content = _read(child.stdout) if "pages" in said else b""
        except (BrokenPipeError, EOFError) as error:
            self.close()
            raise PaperRefused("the printing process ended") from error
        finally:
            late.cancel()
        if "pages" not in said:
            raise PaperRefused(said["error"])
        return Printed(content, said["pages"])

    def _started(self) -> subprocess.Popen:
        if self.child is None or self.child.poll() is not None:
            self.close()
            self.child = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", CHILD], cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        return self.child


def _write(stream, content: bytes) -> None:
    stream.write(len(content).to_bytes(LENGTH, "big"))
    stream.write(content)
    stream.flush()


def _read(stream) -> bytes:
    """One message; EOFError when the other side is gone."""
    head = stream.read(LENGTH)
    if len(head) < LENGTH:
        raise EOFError
    count = int.from_bytes(head, "big")
    content = stream.read(count)
    if len(content) < count:
        raise EOFError
    return content


# --- the child's side ---------------------------------------------------------------------------------


def _laid_out(order: dict) -> Printed:
    if order["what"] == "docx":
        django.setup()
        from .content import ReportContent
        from .proof import Proof
        from .report_docx import report_docx

        proof = Proof(**order["proof"]) if order["proof"] else None
        return Printed(report_docx(ReportContent.from_json(order["content"]), proof), 0)
    import pikepdf

    from .pdf import render_pdf

    values = {name: tuple(one) if isinstance(one, list) else one for name, one in order["layout"].items()}
    layout = Layout(**values)  # JSON knows no tuples
    content = render_pdf(order["html"], layout=layout, archive=order["archive"])
    with pikepdf.open(io.BytesIO(content)) as paper:
        return Printed(content, len(paper.pages))


def serve(orders, answers) -> None:
    """Lay out one order after the other until there are no more, or nobody takes the answers."""
    while True:
        try:
            order = json.loads(_read(orders))
        except EOFError:
            return
        try:
            printed = _laid_out(order)
        except Exception as error:
            traceback.print_exc()
            _write(answers, json.dumps({"error": f"{type(error).__name__}: {error}"[:300]}).encode())
            continue
        _write(answers, json.dumps({"pages": printed.pages}).encode())
        _write(answers, printed.content)
        del order, printed
        gc.collect()  # a laid-out paper is full of circles, which otherwise pile up between two rounds of the collector


def be_the_child() -> None:
    # Whatever a library prints goes to the log and never between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers)
