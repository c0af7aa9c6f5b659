"""Mail that is written into files."""

from email import message_from_bytes, policy
from pathlib import Path

from service.core.mail import Outbox, letter

LINK = f"https://muster.example/sign-in/verify?token={'x' * 43}"
TEXT = f"Confirme su dirección en esta página:\n\n{LINK}\n"


async def test_a_link_can_be_copied_out_of_the_file(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    for number in range(3):
        await outbox.send(letter("muster@localhost", "ana@example.org", f"Número {number}", TEXT))
    files = [path.read_bytes() for path in sorted(outbox.folder.glob("*"))]
    assert all(TEXT in content.decode() for content in files)
    read = [message_from_bytes(content, policy=policy.default) for content in files]
    # Their names tell the order.
    assert [one["Subject"] for one in read] == ["Número 0", "Número 1", "Número 2"]
    assert {one.get_content() for one in read} == {TEXT}
