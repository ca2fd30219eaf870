// Package repotest tests the rules of the whole repository: which package may import which, how files are named, what is
// defined in one place only. The tests read the files themselves, because the cache of go test does not notice the files
// that a child process such as go list reads.
package repotest
