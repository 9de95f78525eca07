// Command measure runs a command and prints what it cost as one line of JSON:
// time from start to end, processor time, and the most memory that it held.
// What the command prints is thrown away, but for its errors.
//
//	measure COMMAND [ARGUMENT]...
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

type cost struct {
	Status    int     `json:"status"`
	Stderr    string  `json:"stderr"`
	Seconds   float64 `json:"seconds"`
	CPU       float64 `json:"cpu"`
	Megabytes float64 `json:"megabytes"`
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: measure COMMAND [ARGUMENT]...")
		os.Exit(2)
	}
	measured, err := measure(exec.Command(os.Args[1], os.Args[2:]...))
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(measured)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

func measure(command *exec.Cmd) (*cost, error) {
	var stderr bytes.Buffer
	command.Stderr = &stderr
	start := time.Now()
	err := command.Run()
	seconds := time.Since(start).Seconds()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	state := command.ProcessState
	return &cost{
		Status:    state.ExitCode(),
		Stderr:    stderr.String(),
		Seconds:   seconds,
		CPU:       (state.UserTime() + state.SystemTime()).Seconds(),
		Megabytes: mostMemory(state.SysUsage().(*syscall.Rusage)),
	}, nil
}
