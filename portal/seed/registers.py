"""The registers of the demonstration: they know what accounts.toml says of its people, and nobody else."""

import tomllib
from functools import cache

from portal.ground.registers import Answer, Outcome, Question
from portal.seed.people import ACCOUNTS


class DemonstrationRegisters:
    """Answers at once from the file, as a gateway would; for demonstrations without PORTAL_REGISTER_URL."""

    def look(self, question: Question) -> Answer:
        """What the register reads about the number."""
        read = _known().get((question.register, question.identity_number))
        return Answer(Outcome.FOUND, read) if read else Answer(Outcome.NOT_FOUND)


@cache
def _known() -> dict[tuple[str, str], str]:
    """What is read, by register and number."""
    people = tomllib.loads(ACCOUNTS.read_text(encoding="utf-8"))["citizen"]
    return {
        (register, entry["number"]): read
        for entry in people
        for register, read in entry.get("reads", {}).items()
    }
