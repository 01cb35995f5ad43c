"""The people of the demo who can log in: one of each role. Their password is public; production refuses the seed."""

from typing import NamedTuple

from clinic.models import Role


class Login(NamedTuple):
    """A demo user's name and password, and what they do."""

    username: str
    password: str
    role: str


PASSWORD = "swollen-leg-1856"  # noqa: S105 - printed by `make demo`
NAMES: dict[str, tuple[str, str]] = {
    "rosa": ("Rosa", "Delgado"),
    "sam": ("Sam", "Okafor"),
    "clara": ("Clara", "Whitfield"),
    "peter": ("Peter", "Lindqvist"),
    "maya": ("Maya", "Fontaine"),
    "ada": ("Ada", "Brenner"),
}
ROLES: dict[str, Role] = {
    "rosa": Role.REPRESENTATIVE,
    "sam": Role.SONOGRAPHER,
    "clara": Role.CLINICIAN,
    "peter": Role.PHYSICIAN,
    "maya": Role.MANAGER,
    "ada": Role.ADMINISTRATOR,
}
DEMO_LOGINS: tuple[Login, ...] = tuple(Login(name, PASSWORD, role) for name, role in ROLES.items())
