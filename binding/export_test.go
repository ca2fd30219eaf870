package binding

// Update is the flag, for the tests outside of the package.
var Update = update
