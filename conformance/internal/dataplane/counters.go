//go:build linux

package dataplane

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// countersOf are those that tell connections, requests and handshakes of a
// proxy.
const countersOf = `^(cluster|listener)\..*(\.ssl\.(handshake|session_reused)|_cx_total|upstream_rq_total)$`

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
