"""Uploaded files: the three steps of files.getUploadURLExternal, and what was uploaded."""

from __future__ import annotations

import mimetypes
import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.failures import ApiError
from bot.sandbox.workspace import Workspace


@dataclass(slots=True)
class File:
    """One file. `content` is None until it was uploaded, `shared` until the upload was completed."""

    id: str
    name: str
    length: int
    user: str
    created: int
    title: str = ""
    content: bytes | None = None
    complete: bool = False
    channels: list[str] = field(default_factory=list[str])

    def wire(self, origin: str) -> dict[str, Any]:
        """The file object of the Web API."""
        kind = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        extension = self.name.rpartition(".")[2] if "." in self.name else "binary"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": kind,
            "filetype": extension,
            "pretty_type": extension.upper(),
            "user": self.user,
            "size": len(self.content or b""),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": f"{origin}/files-pri/{self.id}/{self.name}",
            "url_private_download": f"{origin}/files-pri/{self.id}/download/{self.name}",
            "permalink": f"{origin}/files/{self.user}/{self.id}/{self.name}",
            "channels": self.channels,
        }


class Files:
    """All files of the workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._uploads: dict[str, File] = {}
        self.all: dict[str, File] = {}

    def announce(self, name: str, length: int, user: str) -> tuple[File, str]:
        """A file that will be uploaded, and the path to upload it to."""
        file = File(self._workspace.next_id("F"), name, length, user, self._workspace.seconds())
        self.all[file.id] = file
        path = f"/upload/v1/{secrets.token_urlsafe(16)}"
        self._uploads[path] = file
        return file, path

    def receive(self, path: str, content: bytes) -> File | None:
        """Bytes came to an upload path; None when there is no such path."""
        file = self._uploads.pop(path, None)
        if file is not None:
            file.content = content
        return file

    def add(self, name: str, content: bytes, user: str) -> File:
        """A file that a person shares."""
        file = File(self._workspace.next_id("F"), name, len(content), user, self._workspace.seconds())
        file.content, file.complete = content, True
        self.all[file.id] = file
        return file

    def find(self, id: str) -> File:
        """A file that is there.

        Raises:
            ApiError: file_not_found.
        """
        file = self.all.get(id)
        if file is None or file.content is None:
            raise ApiError("file_not_found")
        return file
