"""Generates the fixture files of the scenarios, reproducibly: the same program writes the same bytes.

There is one module or package per service, with one function per scenario. `scenarios` lists them all and writes their
files. `documented` holds the records that the vendor's examples need, `empty` holds none beyond those an API always
has, and `acme` is a fictitious customer.
"""
