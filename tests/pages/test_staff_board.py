"""The day as a board: each room's visits from left to right, and what is late."""

import re

import pytest

from clinic.models import Role
from scheduling.models import Appointment
from scheduling.pages.day_board import Board
from scheduling.services import visits
from tests.factories import set_clock, tomorrow_at
from tests.pages.staff import Ward

pytestmark = pytest.mark.django_db


def _board(ward: Ward) -> Board:
    board = ward.browser(Role.SONOGRAPHER).get("/staff/day/").context["board"]
    assert isinstance(board, Board)
    return board


def _lanes(board: Board) -> list[list[tuple[int, Appointment | None]]]:
    [row] = board.rows
    return [[(cell.span, cell.line.visit if cell.line else None) for cell in lane] for lane in row.lanes]


def test_a_visit_stands_in_its_room_from_its_start_to_its_end(ward: Ward) -> None:
    visit = ward.place.booked(13)
    board = _board(ward)
    # Open from 8 to 8, cells of five minutes: five hours before the visit, which takes half an hour.
    assert (len(board.hours), board.cells, board.over) == (12, 144, 48)
    assert _lanes(board) == [[(60, None), (6, visit), (78, None)]]


def test_an_empty_day_shows_its_empty_rooms(ward: Ward) -> None:
    assert _lanes(_board(ward)) == [[(144, None)]]


def test_a_time_that_was_taken_again_after_nobody_came_stands_in_a_lane_of_its_own(ward: Ward) -> None:
    missed = ward.place.booked(13)
    set_clock(tomorrow_at(13, 2, days=0))
    visits.no_show(ward.actor(Role.SONOGRAPHER), appointment_id=missed.pk)
    Appointment.objects.filter(pk=missed.pk).update(
        starts_at=tomorrow_at(13, 20, days=0), ends_at=tomorrow_at(13, 50, days=0)
    )
    again = ward.place.booked(13, 20)
    assert [[visit for _, visit in lane if visit] for lane in _lanes(_board(ward))] == [[missed], [again]]


def test_who_is_late_is_seen_on_the_board(ward: Ward) -> None:
    ward.place.booked(13)
    set_clock(tomorrow_at(13, 12, days=0))
    page = ward.browser(Role.SONOGRAPHER).get("/staff/day/").content.decode()
    board = page[page.index('id="board"') : page.index('id="lines"')]
    assert "block-visit tone-urgent" in board
    assert "+12 min" in " ".join(re.sub(r"<[^>]+>", " ", board).split())
