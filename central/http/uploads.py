"""A form with one file, as requests bring it: whoever sends none is told, and breaks nothing."""

from dataclasses import dataclass
from typing import Annotated

from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body


@dataclass
class OneFile:
    """The parts of such a form.

    A bare `UploadFile` as body ends a request without a file in a server error (Litestar 2.25).
    """

    file: UploadFile


FileForm = Annotated[OneFile, Body(media_type=RequestEncodingType.MULTI_PART, title="file")]
