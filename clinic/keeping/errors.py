"""Why a backup was not written, or was not restored. Each changes nothing."""

from clinic.local.errors import LocalError


class BackupError(LocalError):
    """A backup can't be written or restored; the message says what to do."""


class NotABackup(BackupError):
    """The file is none of ours."""


class Damaged(BackupError):
    """The file is not what was written: its checksum says so."""


class NewerSchema(BackupError):
    """The backup is of a later version of the product than this one."""


class NotEmpty(BackupError):
    """The database to restore into holds something already."""


class Incomplete(BackupError):
    """What was restored is not what was counted when the backup was made."""
