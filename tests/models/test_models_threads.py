"""Work on several cores at once."""

from __future__ import annotations

import pytest
import torch

from models.threads import side_by_side


def test_side_by_side_keeps_the_order_and_the_number_of_threads() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        assert side_by_side(lambda n: (n, torch.get_num_threads()), range(9), torch.device("cpu")) == [
            (n, 1) for n in range(9)
        ]
        assert torch.get_num_threads() == 2
        with pytest.raises(ZeroDivisionError):
            side_by_side(lambda n: 1 // n, range(3), torch.device("cpu"))
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
