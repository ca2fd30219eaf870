// Package repotest holds the tests of the rules that the whole tree keeps: who may import whom, what a file is called,
// what stands in one place only. They read the files themselves, because the cache of go test does not see what a child
// process such as go list reads.
package repotest
