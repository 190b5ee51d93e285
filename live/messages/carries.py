"""Which arrays travel behind a header: declared beside it, name by name."""

from collections.abc import Callable

#: Of each record, its arrays as {name: "dtype (shape)"}. A name may hold one *, which stands for any text.
ARRAYS: dict[type, dict[str, str]] = {}


def carries(arrays: dict[str, str]) -> Callable[[type], type]:
    """Declare the arrays that may travel behind a record's header."""

    def add(record: type) -> type:
        ARRAYS[record] = arrays
        return record

    return add
