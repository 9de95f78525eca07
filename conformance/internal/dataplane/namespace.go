//go:build linux

package dataplane

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// namespace is a network namespace without a name, with a /run of its own in
// memory: the kernel removes it, and every interface, rule and file in it, as
// soon as nobody uses it any more. So nothing is left behind however the
// process ends.
type namespace struct {
	file *os.File
	work chan func()
}

// newNamespace starts the thread that works in a new namespace. Processes
// started there are killed when the thread ends.
func newNamespace() (*namespace, error) {
	n := &namespace{work: make(chan func())}
	started := make(chan error)
	go func() {
		// Never unlocked: the thread ends with the goroutine.
		runtime.LockOSThread()
		err := n.enter()
		started <- err
		if err != nil {
			return
		}
		for do := range n.work {
			do()
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("making a network namespace: %w", err)
	}
	return n, nil
}

// enter moves the thread into the new namespace.
func (n *namespace) enter() (err error) {
	if err := unix.Unshare(unix.CLONE_NEWNET | unix.CLONE_NEWNS); err != nil {
		return err
	}
	if err := unix.Mount("", "/", "", unix.MS_PRIVATE|unix.MS_REC, ""); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", "/run", "tmpfs", 0, "mode=0755"); err != nil {
		return err
	}
	n.file, err = os.Open("/proc/thread-self/ns/net")
	return err
}

// path is where other processes find the namespace.
func (n *namespace) path() string { return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), n.file.Fd()) }

// do runs something in the namespace: sockets made by it, and processes
// started by it, belong there.
func (n *namespace) do(f func() error) error {
	done := make(chan error)
	n.work <- func() { done <- f() }
	return <-done
}

func (n *namespace) close() {
	close(n.work)
	n.file.Close()
}

// run runs a program in the namespace, with some text as its input.
func (n *namespace) run(input, program string, args ...string) error {
	return n.do(func() error { return run(input, program, args...) })
}

// set writes a setting of the kernel.
func (n *namespace) set(setting, value string) error {
	path := "/proc/sys/net/ipv4/" + setting
	return n.do(func() error { return os.WriteFile(path, []byte(value), 0o644) })
}

func run(input, program string, args ...string) error {
	command := exec.Command(program, args...)
	command.Stdin = strings.NewReader(input)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", program, strings.Join(args, " "), err, said.String())
	}
	return nil
}
