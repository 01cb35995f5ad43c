"""Documents that leave by fax or Direct: owed in the transaction of their cause, sent once, confirmed or a person's."""
