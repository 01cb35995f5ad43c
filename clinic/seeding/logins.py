"""The people of the demo who can log in: one of each role. Their password is public; production refuses the seed."""

from typing import NamedTuple

from clinic.models import Role


class Login(NamedTuple):
    """A demo user: name and password to log in with, what they do, who they are, and where (empty: everywhere)."""

    username: str
    password: str
    role: Role
    name: tuple[str, str]
    center_code: str


PASSWORD = "swollen-leg-1856"  # noqa: S105 - printed by `make demo`
#: Where those work who belong to a center: Greenbelt, Maryland.
HOME = "C001"
DEMO_LOGINS: tuple[Login, ...] = (
    Login("rosa", PASSWORD, Role.REPRESENTATIVE, ("Rosa", "Delgado"), ""),
    Login("sam", PASSWORD, Role.SONOGRAPHER, ("Sam", "Okafor"), HOME),
    Login("clara", PASSWORD, Role.CLINICIAN, ("Clara", "Whitfield"), HOME),
    Login("peter", PASSWORD, Role.PHYSICIAN, ("Peter", "Lindqvist"), ""),
    Login("maya", PASSWORD, Role.MANAGER, ("Maya", "Fontaine"), HOME),
    Login("ada", PASSWORD, Role.ADMINISTRATOR, ("Ada", "Brenner"), ""),
)
