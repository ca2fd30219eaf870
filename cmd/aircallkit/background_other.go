//go:build !unix

package main

import (
	"errors"
	"os"
	"os/exec"
)

var errNoBackground = errors.New("this operating system has no background for a fake; start serve in another window")

func lockFile(*os.File) (bool, error) { return false, errNoBackground }

func leaveTerminal(*exec.Cmd) {}

func terminate(int) error { return errNoBackground }
