//go:build linux

package dataplane

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Issued is what a workload gets of its CA.
type Issued struct {
	// Chain is its certificate, followed by what it sends with that.
	Chain string `json:"chain"`
	Key   string `json:"key"`
	Roots string `json:"roots"`
}

// Renewal says of which states of a CA a proxy gets its certificate and its
// roots; nothing: it keeps what it has.
type Renewal struct {
	Certificate *int `json:"certificate"`
	Roots       *int `json:"roots"`
}

const secretType = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret"

func secretFile(name string) string { return numbered("secret", name) }

// watchSecrets has Envoy take the secrets of the mesh from files, and says
// whether some are asked for here.
func watchSecrets(value fields) bool {
	asked, _ := value["tlsCertificateSdsSecretConfigs"].([]any)
	if roots, isAsked := value["validationContextSdsSecretConfig"]; isAsked {
		asked = append(asked, roots)
	}
	found := false
	for _, one := range asked {
		secret := one.(fields)
		if name := secret["name"].(string); name == meshCertificate || name == meshRoots {
			secret["sdsConfig"] = watching(secretFile(name))
			found = true
		}
	}
	return found
}

// handOut writes secrets of a proxy, each in the place of the former.
func (p *pod) handOut(states []map[string]Issued, next Renewal) error {
	inline := func(text string) fields { return fields{"inlineString": text} }
	if next.Certificate != nil {
		issued := states[*next.Certificate][p.name()]
		if err := p.handOutSecret(meshCertificate, "tlsCertificate", fields{"certificateChain": inline(issued.Chain), "privateKey": inline(issued.Key)}); err != nil {
			return err
		}
	}
	if next.Roots != nil {
		issued := states[*next.Roots][p.name()]
		return p.handOutSecret(meshRoots, "validationContext", fields{"trustedCa": inline(issued.Roots)})
	}
	return nil
}

func (p *pod) handOutSecret(name, kind string, content fields) error {
	if p.handedOut == nil {
		p.handedOut = map[string]int{}
	}
	p.handedOut[name] = p.version
	return p.serve(secretFile(name), fields{"@type": secretType, "name": name, kind: content})
}

// renew gives a running proxy other secrets, and waits until it has them.
func (p *pod) renew(states []map[string]Issued, next Renewal) error {
	p.version++
	if err := p.handOut(states, next); err != nil {
		return err
	}
	return p.hasSecrets()
}

// hasSecrets waits until a proxy has what was handed out last.
func (p *pod) hasSecrets() error {
	lacking := ""
	for deadline := time.Now().Add(pushTime); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		stats, err := p.ask(http.MethodGet, "/stats?filter="+url.QueryEscape(`^sds\..*\.(version_text|update_rejected|key_rotation_failed)$`))
		if err != nil {
			lacking = err.Error()
			continue
		}
		if lacking = p.lackingSecret(string(stats)); lacking == "" {
			time.Sleep(workerTime)
			return nil
		}
	}
	return fmt.Errorf("a proxy doesn't take its secrets: %s: %s", lacking, strings.TrimSpace(p.envoy.log.String()))
}

// lackingSecret is what the stats say that isn't as it was handed out.
func (p *pod) lackingSecret(stats string) string {
	found := map[string]string{}
	for line := range strings.Lines(stats) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if !strings.HasSuffix(name, ".version_text") && value != "0" {
			return line
		}
		found[name] = strings.Trim(value, `"`)
	}
	for name, version := range p.handedOut {
		if has := found["sds."+name+".version_text"]; has != strconv.Itoa(version) {
			return fmt.Sprintf("%s has version %s, and not %d", name, has, version)
		}
	}
	return ""
}

func (p *pod) name() string { return p.workload.Namespace + "/" + p.workload.Name }

// logged waits until the proxies of both sides have logged calls that began
// after a moment, and gives what they wrote, but for the time: each line with
// how often, by the proxy.
func (r *convergence) logged(calls []Again, begun time.Time) map[string]map[string]int {
	expected := len(calls)
	for _, call := range calls {
		if call.Arrived != nil {
			expected++
		}
	}
	for deadline := time.Now().Add(callTime); ; time.Sleep(5 * time.Millisecond) {
		written, lines := map[string]map[string]int{}, 0
		for _, p := range r.proxied() {
			written[p.name()] = map[string]int{}
			for _, line := range p.readLog() {
				moment, rest, _ := strings.Cut(line, " ")
				if micros, err := strconv.ParseInt(moment, 10, 64); err == nil && micros >= begun.UnixMicro() {
					written[p.name()][rest]++
					lines++
				}
			}
		}
		if lines >= expected || time.Now().After(deadline) {
			for _, p := range r.proxied() {
				p.clearLog()
			}
			return written
		}
	}
}
