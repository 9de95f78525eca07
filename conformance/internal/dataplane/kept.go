//go:build linux

package dataplane

import (
	"bufio"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/connections"
)

// keepLine asks for an answer on a connection that stays open.
const keepLine = "keep this open, and answer\n"

// kept is a connection of an application that stays open.
type kept struct {
	Calling
	conn   net.Conn
	reader *bufio.Reader
}

// Lost is a connection that no longer answers.
type Lost struct {
	Client    connections.Workload  `json:"client"`
	Requested connections.Requested `json:"requested"`
	Failed    string                `json:"failed"`
}

// keep makes connections that stay open, and has each answer once.
func (r *convergence) keep(calls []Calling) error {
	for _, p := range r.pods {
		if len(calls) > 0 && p.unable != "" {
			return fmt.Errorf("%s doesn't run: %s", p.name(), p.unable)
		}
	}
	for _, asked := range calls {
		made, err := r.open(asked)
		if err == nil {
			r.kept = append(r.kept, made)
			err = made.exchange()
		}
		if err != nil {
			return fmt.Errorf("a connection to be kept, of %v to %v: %w", asked.Client, asked.Requested, err)
		}
	}
	return nil
}

func (r *convergence) open(asked Calling) (*kept, error) {
	p := r.podOf(asked.Client)
	if p == nil {
		return nil, fmt.Errorf("its client isn't in the mesh")
	}
	for _, attempt := range connections.Attempts(r.server, p.workload, p.proxy) {
		if attempt.Requested == asked.Requested && attempt.Kind == asked.Kind {
			conn, err := p.dial(net.JoinHostPort(attempt.Address, strconv.Itoa(attempt.Port)), callTime)
			if err != nil {
				return nil, err
			}
			return &kept{asked, conn, bufio.NewReader(conn)}, nil
		}
	}
	return nil, fmt.Errorf("no service has it")
}

func (k *kept) exchange() error {
	k.conn.SetDeadline(time.Now().Add(callTime))
	if k.Kind == "http" {
		_, err := ask(k.conn, k.reader, fmt.Sprintf("GET / HTTP/1.1\r\nHost: %s:%d\r\n\r\n", k.Requested.Host, k.Requested.Port))
		return err
	}
	if _, err := k.conn.Write([]byte(keepLine)); err != nil {
		return err
	}
	line, err := k.reader.ReadBytes('\n')
	if err != nil {
		return err
	}
	_, err = arrivalIn(line)
	return err
}

// isPooled says of a cluster whether the proxy keeps its connections.
func (s Setup) isPooled(cluster string) bool {
	return slices.ContainsFunc(s.Pooled, func(port int) bool {
		return strings.HasPrefix(cluster, fmt.Sprintf("outbound|%d|", port))
	})
}

// pooledHandshakes counts those of connections that proxies keep, since they
// have started.
func (m *mesh) pooledHandshakes() (int, error) {
	if len(m.setup.Pooled) == 0 {
		return 0, nil
	}
	counted, err := m.readCounters()
	total := 0
	for _, counters := range counted {
		for name, number := range counters {
			if cluster, isCluster := strings.CutPrefix(name, "cluster."); isCluster && m.setup.isPooled(cluster) && strings.HasSuffix(name, ".ssl.handshake") {
				total += number
			}
		}
	}
	return total, err
}

// exchange has all connections that are left answer.
func (r *convergence) exchange(seen *Step) {
	var left []*kept
	for _, one := range r.kept {
		if err := one.exchange(); err != nil {
			one.conn.Close()
			seen.Lost = append(seen.Lost, Lost{one.Client, one.Requested, plainly(err)})
			continue
		}
		left = append(left, one)
	}
	r.kept, seen.Kept = left, len(left)
}

func (r *convergence) hangUp() {
	for _, one := range r.kept {
		one.conn.Close()
	}
}
