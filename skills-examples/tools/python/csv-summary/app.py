"""Says what the columns of a CSV text hold, and reads dates."""

import csv
import io
import math
from datetime import date

from componentize_py_types import Err, Ok
from wit_world import exports
from wit_world.exports.tables import Column, Date, Kind

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


class Tables(exports.Tables):
    def describe(self, text, delimiter):
        if not text.strip():
            raise Err("there is no table: the text is empty")
        if delimiter in ("\n", "\r", '"'):
            raise Err("a line break or a quotation mark cannot separate fields")
        try:
            rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter or ",", strict=True) if row]
        except csv.Error as error:
            raise Err(f"this is no CSV text: {error}")
        if not rows:
            raise Err("there is no table: every row is empty")
        names = rows[0]
        for number, row in enumerate(rows[1:], start=2):
            if len(row) != len(names):
                raise Err(f"row {number} has {len(row)} fields, and the first row {len(names)}")
        return [describe_column(name, [row[at].strip() for row in rows[1:]]) for at, name in enumerate(names)]

    def parse_dates(self, texts):
        return [Err(f"{text!r} is no date") if (day := read_date(text)) is None
                else Ok(Date(day.year, day.month, day.day)) for text in texts]


def describe_column(name, fields):
    values = [field for field in fields if field]
    missing = len(fields) - len(values)
    if not values:
        return Column(name, Kind.EMPTY, 0, missing, None, None, None)
    numbers = [read_number(value) for value in values]
    if None not in numbers:
        mean = math.fsum(number / len(numbers) for number in numbers)
        return Column(name, Kind.NUMBER, len(values), missing, f"{min(numbers):g}", f"{max(numbers):g}", mean)
    days = [read_date(value) for value in values]
    if None not in days:
        return Column(name, Kind.DATE, len(values), missing, min(days).isoformat(), max(days).isoformat(), None)
    return Column(name, Kind.TEXT, len(values), missing, min(values), max(values), None)


def read_number(text):
    """A finite number, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def read_date(text):
    """A day, or None. Where days and months are both numbers, a dot says that the day is first."""
    words = text.strip().replace(",", " ").split()
    try:
        if len(words) == 1 and text.count("-") == 2:
            return date(*(int(part) for part in words[0].split("-")))
        if len(words) == 1 and text.count(".") == 2:
            day, month, year = (int(part) for part in words[0].split("."))
            return date(year, month, day)
        if len(words) == 3:
            if not words[0].isdigit():
                words[0], words[1] = words[1], words[0]
            month = MONTHS.index(words[1][:3].lower()) + 1
            return date(int(words[2]), month, int(words[0]))
    except (ValueError, IndexError, OverflowError):
        pass
    return None
