//go:build linux

package dataplane

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/connections"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/handshake"
)

// Probe is one call of which all is to be told that its parties see.
type Probe struct {
	Client    connections.Workload  `json:"client"`
	Requested connections.Requested `json:"requested"`
	// Kind is http or https, by curl; tcp, for a client that speaks first; or
	// greeting, for a server that does.
	Kind string `json:"kind"`
	// Times is how often the call is made, one after the other; nothing: once.
	Times int `json:"times,omitempty"`
	// Pause is how many milliseconds lie between.
	Pause int `json:"pause,omitempty"`
}

// Symptoms are what a probe's parties saw.
type Symptoms struct {
	Probe
	// Exit is the program's, where one made the call; Said what it said.
	Exit int    `json:"exit"`
	Said string `json:"said"`
	// Status and Body are those of the answer, where there was one.
	Status int    `json:"status,omitempty"`
	Body   string `json:"body,omitempty"`
	Wire   []Wire `json:"wire"`
	// ClientLog and ServerLog are what the proxies have logged of it.
	ClientLog []string `json:"clientLog"`
	ServerLog []string `json:"serverLog"`
	// Counters are what the proxies have counted, by namespace and name of
	// their workloads, if asked for.
	Counters map[string]map[string]int `json:"counters,omitempty"`
	// Records are those of the one connection that the client made, if asked for.
	Records []handshake.Record `json:"records,omitempty"`
}

// logTime is how long a proxy may take to write its log: a connection that
// fails late is logged late.
const logTime = 300 * time.Millisecond

// accessLog is where proxies log, if the mesh config says so.
const accessLog = "/run/access.log"

// keyLog is where proxies tell the secrets of their TLS, if records are asked
// for: in the pod's memory, as all its files.
const keyLog = "/run/keys.log"

func (m *mesh) probe(asked Probe) (Symptoms, error) {
	seen := Symptoms{Probe: asked}
	client := m.podOf(asked.Client)
	if client == nil || client.unable != "" {
		return seen, fmt.Errorf("%v doesn't run: %s", asked.Client, client.unable)
	}
	attempts := connections.Attempts(m.server, client.workload, client.proxy)
	for _, attempt := range attempts {
		if attempt.Requested != asked.Requested {
			continue
		}
		for _, p := range m.pods {
			p.clearLog()
		}
		if m.setup.Counters {
			if err := m.resetCounters(); err != nil {
				return seen, err
			}
		}
		moment := m.recorder.now()
		for range max(asked.Times, 1) {
			if err := client.make(attempt, &seen); err != nil {
				return seen, err
			}
			time.Sleep(time.Duration(asked.Pause) * time.Millisecond)
		}
		time.Sleep(logTime)
		if err := m.recorder.await(client.marker); err != nil {
			return seen, err
		}
		seen.Wire, seen.ClientLog, seen.ServerLog = []Wire{}, client.readLog(), []string{}
		for _, flow := range m.recorder.since(moment, client.ip()) {
			if flow.ProxyHeader {
				flow.Wire = Header
			}
			seen.Wire = append(seen.Wire, flow.Wire)
			if server := m.byIP[flow.Server]; server != nil {
				seen.ServerLog = append(seen.ServerLog, server.readLog()...)
			}
		}
		if m.setup.Counters {
			var err error
			if seen.Counters, err = m.readCounters(); err != nil {
				return seen, err
			}
		}
		if m.setup.Records {
			var err error
			seen.Records, err = handshake.Read(m.recorder.piecesSince(moment, client.ip()), client.readKeyLog())
			if err != nil {
				return seen, fmt.Errorf("reading the records of TLS: %w", err)
			}
		}
		return seen, nil
	}
	return seen, fmt.Errorf("no service has %v", asked.Requested)
}

func (m *mesh) podOf(named connections.Workload) *pod {
	for _, p := range m.pods {
		if p.workload.Name == named.Name && p.workload.Namespace == named.Namespace && p.workload.Kind == named.Kind {
			return p
		}
	}
	return nil
}

// make makes a probe's call, by curl where it speaks HTTP.
func (p *pod) make(attempt connections.Attempt, seen *Symptoms) error {
	if seen.Kind == "http" || seen.Kind == "https" {
		return p.curl(seen.Kind, attempt, seen)
	}
	attempt.Kind = seen.Kind
	if _, err := p.call(attempt, ""); err != nil {
		seen.Exit = 1
		seen.Said = plainly(err)
	}
	return nil
}

// plainly leaves out of an error the addresses that are others each time.
func plainly(err error) string {
	var operation *net.OpError
	if errors.As(err, &operation) {
		return fmt.Sprintf("%s: %v", operation.Op, operation.Err)
	}
	return err.Error()
}

func (p *pod) curl(scheme string, attempt connections.Attempt, seen *Symptoms) error {
	port := strconv.Itoa(attempt.Port)
	command := exec.Command("curl", "--silent", "--show-error", "--insecure", "--max-time", "2", "--write-out", "\n%{http_code}",
		"--resolve", strings.Join([]string{attempt.Host, port, attempt.Address}, ":"), fmt.Sprintf("%s://%s/", scheme, net.JoinHostPort(attempt.Host, port)))
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.do(command.Start); err != nil {
		return err
	}
	command.Wait()
	seen.Exit, seen.Said = command.ProcessState.ExitCode(), strings.TrimSpace(said.String())
	end := strings.LastIndex(out.String(), "\n")
	seen.Body = out.String()[:max(end, 0)]
	seen.Status, _ = strconv.Atoi(out.String()[end+1:])
	return nil
}

func (p *pod) clearLog() {
	p.do(func() error { return os.Truncate(accessLog, 0) })
}

func (p *pod) readLog() []string {
	lines := []string{}
	p.do(func() error {
		text, err := os.ReadFile(accessLog)
		for line := range strings.Lines(string(text)) {
			lines = append(lines, strings.TrimSpace(strings.Trim(line, "\x00")))
		}
		return err
	})
	return lines
}

func (p *pod) readKeyLog() (log handshake.KeyLog) {
	p.do(func() error {
		text, err := os.ReadFile(keyLog)
		log = handshake.KeyLog(text)
		return err
	})
	return log
}
