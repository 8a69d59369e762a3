"""How files of forms are taken in: streamed to disk, and no more of them than may be."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class BoundedFile(TemporaryUploadedFile):
    """A file on disk; `storage_error` says that the disk could not hold it."""

    storage_error: OSError | None = None


class BoundedUploadHandler(FileUploadHandler):
    """Writes the files of a request to disk up to the limit; the rest is counted and thrown away.

    So whoever sends a file that is too large gets the form back with the reason, and the disk is
    not filled meanwhile.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.room = settings.LEADS_IMPORT_MAX_MB * 1024 * 1024 + 1
        self.file: BoundedFile | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = BoundedFile(
            self.file_name or "", self.content_type, 0, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.file is not None
        if self.room <= 0 or self.file.storage_error:
            return
        self.room -= len(raw_data)
        try:
            self.file.write(raw_data)
        except OSError as error:
            self.file.storage_error = error

    def file_complete(self, file_size: int) -> BoundedFile:
        """Return the file with the size that was sent, which may be more than what was kept."""
        assert self.file is not None
        try:
            self.file.seek(0)
        except OSError as error:  # what was still in memory did not fit on the disk either
            self.file.storage_error = error
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        """Throw away what has come of a file whose sender is gone."""
        if self.file is not None:
            self.file.close()
