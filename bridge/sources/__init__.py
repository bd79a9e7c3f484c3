"""How complaints arrive by themselves: mailboxes, folders, blocklists; and the alarm when one of them stops."""
