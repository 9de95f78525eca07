//go:build linux

package dataplane

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// countersOf are those that tell connections, requests and handshakes of a
// proxy.
const countersOf = `^(cluster|listener)\..*(\.ssl\.(handshake|session_reused)|_cx_total|upstream_rq_total)$`

// ask asks the admin interface of a pod's proxy.
func (n *namespace) ask(method, path string) ([]byte, error) {
	conn, err := n.dial(fmt.Sprintf("127.0.0.1:%d", adminPort), time.Second)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Second))
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: admin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", method, path)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("a proxy answers %s with %s", path, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

// resetCounters makes all proxies count from nothing.
func (m *mesh) resetCounters() error {
	for _, p := range m.proxied() {
		if _, err := p.ask(http.MethodPost, "/reset_counters"); err != nil {
			return err
		}
	}
	return nil
}

// readCounters gives what proxies have counted since then, but for nothing, by
// their workload's namespace and name.
func (m *mesh) readCounters() (map[string]map[string]int, error) {
	found := map[string]map[string]int{}
	for _, p := range m.proxied() {
		text, err := p.ask(http.MethodGet, "/stats?filter="+url.QueryEscape(countersOf))
		if err != nil {
			return nil, err
		}
		counted := map[string]int{}
		for line := range bytes.Lines(text) {
			name, value, _ := strings.Cut(strings.TrimSpace(string(line)), ": ")
			if number, err := strconv.Atoi(value); err == nil && number > 0 {
				counted[name] = number
			}
		}
		found[p.workload.Namespace+"/"+p.workload.Name] = counted
	}
	return found, nil
}

func (m *mesh) proxied() (found []*pod) {
	for _, p := range m.pods {
		if p.envoy != nil && p.unable == "" {
			found = append(found, p)
		}
	}
	return found
}
