"""The running application, as the tests of this desk call it."""

from tests.support.house import SECRET, House, open_house

__all__ = ["SECRET", "House", "open_house"]
