"""De-identifies as many scripts do: sets a fixed list of top-level attributes and writes the file again.

keywords.py LIST SOURCE TARGET
"""
import os
import sys

import pydicom

DUMMIES = {"DA": "19000101", "TM": "000000", "AS": "000Y", "DS": "0", "CS": "O", "PN": "ANONYMOUS"}


def main(list_path, source, target):
    with open(list_path, encoding="ascii") as file:
        keywords = file.read().split()
    for folder, _, names in os.walk(source):
        place = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(place, exist_ok=True)
        for name in names:
            dataset = pydicom.dcmread(os.path.join(folder, name))
            for keyword in keywords:
                if keyword in dataset:
                    element = dataset.data_element(keyword)
                    element.value = DUMMIES.get(element.VR, "ANONYMOUS")
            dataset.save_as(os.path.join(place, name))


main(*sys.argv[1:])
