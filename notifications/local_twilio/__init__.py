"""A local Twilio: the Messages and the Calls API on one machine, with faults on demand, for the demo and the tests.

A separate process (`python -m notifications.local_twilio`), never imported by the product itself. Texts and calls that
it accepts stay on the machine: they appear on its page of phones, where anybody at the demo can answer them.
"""
