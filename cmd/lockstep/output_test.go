package main

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestAFileIsReplacedAndWhatIsNoFileIsNot(t *testing.T) {
	dir := t.TempDir()
	hello := func(w io.Writer) error {
		_, err := io.WriteString(w, "hello")
		return err
	}
	file := filepath.Join(dir, "report")
	for range 2 { // a new file, and one that is there
		if err := writeFile(file, hello); err != nil {
			t.Fatal(err)
		}
		if have, err := os.ReadFile(file); err != nil || string(have) != "hello" {
			t.Errorf("the report holds %q: %v", have, err)
		}
	}
	socket, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Skip("no sockets with a path here: ", err)
	}
	defer socket.Close()
	if err := writeFile(filepath.Join(dir, "s"), hello); err == nil {
		t.Error("a socket was written to like a file")
	}
	if info, err := os.Stat(filepath.Join(dir, "s")); err != nil || info.Mode()&os.ModeSocket == 0 {
		t.Errorf("the socket was replaced: %v", err)
	}
}

func TestAFileThatCannotBeWrittenToTheEndStaysAsItWas(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "report")
	if err := os.WriteFile(file, []byte("yesterday's"), 0o600); err != nil {
		t.Fatal(err)
	}
	full := func(w io.Writer) error {
		_, err := io.WriteString(w, "half a rep")
		return errors.Join(err, syscall.ENOSPC)
	}
	if err := writeFile(file, full); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("error %v", err)
	}
	have, err := os.ReadFile(file)
	left, listErr := os.ReadDir(dir)
	if err != nil || listErr != nil || string(have) != "yesterday's" || len(left) != 1 {
		t.Errorf("the report holds %q, %d files in its directory: %v %v", have, len(left), err, listErr)
	}
}
