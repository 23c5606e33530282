"""Uploaded files: the three steps of files.getUploadURLExternal, and what was uploaded."""

from __future__ import annotations

import mimetypes
import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.failures import ApiError
from bot.sandbox.things import Channel
from bot.sandbox.workspace import Workspace


@dataclass(slots=True)
class File:
    """One file. `content` is None until it was uploaded and after it was deleted; `complete` once it can be shared.

    Where it was shared stands in `channels` (public), `groups` (private) and `ims` (direct messages).
    """

    id: str
    name: str
    length: int
    user: str
    created: int
    team: str = ""
    title: str = ""
    alt: str = ""
    content: bytes | None = None
    complete: bool = False
    deleted: bool = False
    channels: list[str] = field(default_factory=list[str])
    groups: list[str] = field(default_factory=list[str])
    ims: list[str] = field(default_factory=list[str])

    @property
    def places(self) -> list[str]:
        """Every channel that it was shared into."""
        return [*self.channels, *self.groups, *self.ims]

    def share(self, channel: Channel) -> None:
        """It was shared into a channel."""
        kept = {"channel": self.channels, "group": self.groups, "im": self.ims}[channel.kind]
        if channel.id not in kept:
            kept.append(channel.id)

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
            **({"alt_txt": self.alt} if self.alt else {}),
            "mimetype": kind,
            "filetype": extension,
            "pretty_type": extension.upper(),
            "user": self.user,
            "user_team": self.team,
            "username": "",
            "editable": False,
            "size": len(self.content or b""),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": bool(self.channels),
            "public_url_shared": False,
            "display_as_bot": False,
            "media_display_type": "unknown",
            "url_private": f"{origin}/files-pri/{self.id}/{self.name}",
            "url_private_download": f"{origin}/files-pri/{self.id}/download/{self.name}",
            "permalink": f"{origin}/files/{self.user}/{self.id}/{self.name}",
            "permalink_public": f"{origin}/files-public/{self.id}",
            "is_starred": False,
            "has_rich_preview": False,
            "file_access": "visible",
            "comments_count": 0,
            "channels": self.channels,
            "groups": self.groups,
            "ims": self.ims,
        }


class Files:
    """All files of the workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._uploads: dict[str, File] = {}
        self.all: dict[str, File] = {}

    def announce(self, name: str, length: int, user: str) -> tuple[File, str]:
        """A file that will be uploaded, and the path to upload it to."""
        file = self._new(name, length, user)
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
        file = self._new(name, len(content), user)
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

    def delete(self, id: str, user: str) -> File:
        """A file goes; it goes out of the messages too, and a message that had nothing else goes with it.

        Raises:
            ApiError: file_not_found, file_deleted, cant_delete_file for another's.
        """
        file = self.all.get(id)
        if file is not None and file.deleted:
            raise ApiError("file_deleted")
        file = self.find(id)
        if file.user != user:
            raise ApiError("cant_delete_file")
        file.content, file.deleted = None, True
        for place in file.places:
            for message in list(self._workspace.channels[place].messages.values()):
                if any(shared["id"] == id for shared in message.files):
                    message.files = [shared for shared in message.files if shared["id"] != id]
                    if message.files or message.text or message.blocks:
                        self._workspace.shown(message)
                    else:
                        self._workspace.remove(message)
        return file

    def _new(self, name: str, length: int, user: str) -> File:
        workspace = self._workspace
        return File(workspace.next_id("F"), name, length, user, workspace.seconds(), workspace.team)
