//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// lockFile locks a file until this process and those that inherit it close it. It reports false if another process has it.
func lockFile(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// leaveTerminal makes a command go on when its terminal closes or gets Ctrl-C.
func leaveTerminal(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// terminate asks a process to end.
func terminate(pid int) error { return syscall.Kill(pid, syscall.SIGTERM) }
