//go:build unix

package command

import (
	"os/exec"
	"syscall"
)

// ownGroup keeps a signal to Lockstep from reaching the program directly: it is
// told when Lockstep decides, and its children with it.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signalGroup signals the program and its children.
func signalGroup(cmd *exec.Cmd, signal syscall.Signal) error {
	if cmd.Process == nil {
		return nil
	}
	return syscall.Kill(-cmd.Process.Pid, signal)
}
