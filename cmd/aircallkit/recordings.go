package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

// openRecording opens an HTTP Archive.
func openRecording(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s is a directory: give a HAR file", name)
	}
	return f, nil
}

// hostName matches the name or the address of a host.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$`)

// checkEntries checks the flags that choose entries of a recording: --host and --entry.
func checkEntries(cmd *cobra.Command, hosts []string, entry int) error {
	for _, host := range hosts {
		name, port, err := net.SplitHostPort(host)
		if err != nil || strings.Trim(port, "0123456789") != "" {
			name = host
		}
		if !hostName.MatchString(name) && net.ParseIP(name) == nil {
			return fmt.Errorf("--host %q: give the name of a host, such as gateway.example.com, without https:// and without a path", host)
		}
	}
	if cmd.Flags().Changed("entry") && entry < 1 {
		return fmt.Errorf("--entry %d: the first entry has the number 1", entry)
	}
	return nil
}

// notWritten is the error of a flag whose file or directory cannot be written. It names the path that the user gave.
func notWritten(flag, path string, err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err // it may name a temporary file
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		err = link.Err
	}
	return fmt.Errorf("--%s %s: %w", flag, path, err)
}
