package fakeaircall

// emit tells of an event: data is the resource as it is now.
func (t *tx) emit(name string, data raw) {
	_, _ = name, data
}

// emitCall tells of an event of a call.
func (t *tx) emitCall(name string, c *call) { _, _ = name, c }

// emitCallBy tells of an event of a call whose user is another than the call's:
// one who is rung, or declined.
func (t *tx) emitCallBy(name string, c *call, userID int64) { _, _, _ = name, c, userID }

// emitUser tells of an event of a user, in both versions: name is without .v2.
func (t *tx) emitUser(name string, u *user) { _, _ = name, u }

// emitContact tells of an event of a contact.
func (t *tx) emitContact(name string, c *contact) { _, _ = name, c }

// emitNumber tells of an event of a line.
func (t *tx) emitNumber(name string, n *number) { _, _ = name, n }
