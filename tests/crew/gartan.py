"""S1 and S2 of spec F as a simulated Gartan serves them: what is not named there is booked off on no day."""

from service.simulators.gartan import Appliance, Member, Plan, Station, available_only
from tests.crew.scenario import DAY, S2

S1_PLAN = Plan(
    (
        Station(
            "P22",
            101,
            (
                Member("ALDER, JO", "WC", ("BA", "TTR", "IC"), 61, available_only({DAY: [(0, 9), (17, 24)]})),
                Member(
                    "BIRCH, KE", "FFC", ("BA", "LGV"), 91, available_only({DAY: [(0, 12), (13, 24)]}, "O")
                ),
                Member("CEDAR, LU", "FFD", ("BA",), 61),
                Member("DOGWOOD, MI", "FFT", ("BA",), 30, available_only({DAY: [(18, 24)]}, "AL")),
                Member("ELDER, SA", "FFD", ("BA", "ERD"), 56, available_only({DAY: [(6, 14)]})),
            ),
            (Appliance("P22P6", 67, off=available_only({DAY: [(0, 9), (17, 24)]})),),
        ),
    )
)
"""Station P22 with brigade 101, Thursday 5 March 2026."""

S2_PLAN = Plan(
    (Station("P22", 101, (Member("ALDER, JO", "WC", ("BA", "TTR", "IC"), 61, available_only(S2)),)),)
)
"""One person on 5, 6, 7 and 9 March 2026."""
