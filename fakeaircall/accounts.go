package fakeaircall

// maxAccounts bounds the companies of a server.
const maxAccounts = 5_000
