package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// writeWhole writes a file aside and gives it its name by how, os.Rename or os.Link: whoever reads it never sees half of
// it, and of two who write at once one wins.
func writeWhole(name string, data []byte, mode fs.FileMode, how func(from, to string) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return how(f.Name(), name)
}
