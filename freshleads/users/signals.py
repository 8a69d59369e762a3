"""What other apps may hear of: a layer above connects to these, users never asks upwards."""

from django.dispatch import Signal

# Sent by `signing_up` inside its transaction, with `workspace` and `plan` (a code): an exception in
# a receiver undoes the whole sign-up.
workspace_created = Signal()
