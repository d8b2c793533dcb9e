"""A text for each order, once, though the program is run again."""

import csv
import sys

from alive5 import Alive5, Alive5Error, Ledger

failed = 0
with Alive5() as client, open(sys.argv[1]) as orders:
    sender, ledger = client.sms.sender(line="Texting"), Ledger(sys.argv[2])
    for order in csv.DictReader(orders):
        try:
            sender.send(phone_number_to=order["number"], message=order["text"], ledger=ledger, key=order["order"])
        except Alive5Error as error:
            print(order["order"], error)
            failed = 1
sys.exit(failed)
