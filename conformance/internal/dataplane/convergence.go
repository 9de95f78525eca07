//go:build linux

package dataplane

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/connections"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// Convergence is a change that reaches the proxies of a mesh one after the other,
// while calls are made. All pods stay as they are.
type Convergence struct {
	// States are the objects of each state that a proxy may be configured by.
	// The objects of the mesh are the state 0, which isn't among them.
	States [][]json.RawMessage `json:"states"`
	// Calls are made all along.
	Calls []Calling `json:"calls"`
	// Kept are connections of applications that are made before the first step
	// and stay open.
	Kept []Calling `json:"kept"`
	// Steps say which proxies get another state, in order.
	Steps [][]Turn `json:"steps"`
}

// Calling is a call in one way in which an application talks.
type Calling struct {
	Client    connections.Workload  `json:"client"`
	Requested connections.Requested `json:"requested"`
	Kind      string                `json:"kind"`
	// Refused says that it isn't to arrive.
	Refused bool `json:"refused"`
}

// Turn is a proxy that gets a state, or what its CA has issued.
type Turn struct {
	connections.Workload
	State int `json:"state"`
	// Renewal leaves its state as it is.
	Renewal *Renewal `json:"renewal"`
}

// Converged is what was seen of a convergence.
type Converged struct {
	// Before are the calls made before the first step. Those that arrived, and
	// those that are to be refused, are made again from then on.
	Before []Call `json:"before"`
	Steps  []Step `json:"steps"`
	// Handshakes are those that proxies have made on the connections that they
	// keep, all steps long.
	Handshakes int `json:"handshakes"`
}

// Step is what was seen of one step.
type Step struct {
	// During are calls made while proxies took what was pushed to them, and
	// Then all, once they had it.
	During []Again `json:"during"`
	Then   []Again `json:"then"`
	// Kept is how many of the connections that stay open have answered then,
	// and Lost what became of one that no longer does.
	Kept int    `json:"kept"`
	Lost []Lost `json:"lost,omitempty"`
	// Logged are the lines that proxies have written of the calls in Then, by
	// their workload's namespace and name, with how often each was written.
	// Each must begin with the time when its call began.
	Logged map[string]map[string]int `json:"logged,omitempty"`
}

// Again is a call of those made before, made again.
type Again struct {
	// Of is its place among them.
	Of int `json:"of"`
	Call
}

// convergence is one that goes on.
type convergence struct {
	*mesh
	// states are what each pod's proxy gets in each state.
	states []map[*pod]*discovery
	made   []made
	// next is where calls go on while proxies take what was pushed.
	next int
	kept []*kept
}

// made is a call that is made again and again.
type made struct {
	client  *pod
	attempt connections.Attempt
	request string
	place   int
}

func (r *Runner) converge(server *istiod.Server, asked *Mesh, report *Report) error {
	// Each file that Envoy watches takes one of the few instances of inotify
	// that its user may have, so only what changes lies in such files.
	m, err := r.start(server, asked.Setup, asked.Setup.Issued == nil)
	if err != nil {
		return err
	}
	defer m.close()
	running := &convergence{mesh: m}
	if err := running.prepare(asked.Convergence.States, report); err != nil {
		return err
	}
	for _, p := range m.pods {
		if p.envoy != nil && p.unable == "" {
			if err := m.has(p); err != nil {
				p.unable = err.Error()
			}
		}
		if p.unable != "" {
			report.NotRun = append(report.NotRun, NotRun{named(p.workload), p.unable})
		}
	}
	seen := &Converged{Before: []Call{}, Steps: []Step{}}
	report.Convergence = seen
	defer running.hangUp()
	if err := running.begin(asked.Convergence.Calls, seen, report); err != nil {
		return err
	}
	if err := running.keep(asked.Convergence.Kept); err != nil {
		return err
	}
	for index, turns := range asked.Convergence.Steps {
		step, err := running.step(turns)
		if err != nil {
			return fmt.Errorf("step %d: %w", index, err)
		}
		seen.Steps = append(seen.Steps, step)
	}
	seen.Handshakes, err = running.pooledHandshakes()
	return err
}

// has waits until a proxy has all that lies in files.
func (m *mesh) has(p *pod) error {
	if m.watched {
		return p.has()
	}
	return p.hasSecrets()
}

// prepare has istiod generate all states, one after the other.
func (r *convergence) prepare(states [][]json.RawMessage, report *Report) error {
	first := map[*pod]*discovery{}
	if err := r.generate(r.server, first); err != nil {
		return err
	}
	r.states = append(r.states, first)
	for _, objects := range states {
		changed, err := r.server.Cluster.Changed(objects)
		if err != nil {
			return err
		}
		report.Refused = append(report.Refused, changed.Refused...)
		generated := map[*pod]*discovery{}
		if err := istiod.Over(changed, func(server *istiod.Server) error { return r.generate(server, generated) }); err != nil {
			return err
		}
		r.states = append(r.states, generated)
	}
	return nil
}

func (r *convergence) generate(server *istiod.Server, generated map[*pod]*discovery) error {
	for index, p := range r.pods {
		workload := server.Cluster.Workloads[index]
		if err := p.listenOn(connections.PortsOf(server, workload)); err != nil {
			return err
		}
		if p.envoy == nil {
			continue
		}
		made, err := discoveryOf(server, server.Connect(server.OfWorkload(workload)), p.secrets, r.setup)
		if err != nil {
			return err
		}
		generated[p] = made
	}
	return nil
}

// begin makes the calls for the first time.
func (r *convergence) begin(calls []Calling, seen *Converged, report *Report) error {
	attempts := map[*pod][]connections.Attempt{}
	for _, asked := range calls {
		p := r.podOf(asked.Client)
		if p == nil || p.unable != "" {
			continue
		}
		if attempts[p] == nil {
			attempts[p] = connections.Attempts(r.server, p.workload, p.proxy)
		}
		for _, attempt := range attempts[p] {
			if attempt.Requested != asked.Requested || attempt.Kind != asked.Kind {
				continue
			}
			if attempt.Unknown != "" {
				report.Skipped[attempt.Unknown]++
				continue
			}
			for _, request := range requests {
				before, err := r.observe(p, attempt, request)
				if err != nil {
					return err
				}
				if before.Arrived != nil || asked.Refused {
					r.made = append(r.made, made{p, attempt, request, len(seen.Before)})
				}
				seen.Before = append(seen.Before, before)
			}
		}
	}
	return nil
}

// step gives proxies their next states, and makes calls meanwhile and then.
func (r *convergence) step(turns []Turn) (Step, error) {
	seen := Step{During: []Again{}, Then: []Again{}}
	taken := make(chan error, 1)
	go func() { taken <- r.take(turns) }()
	for waiting := true; waiting; {
		select {
		case err := <-taken:
			if err != nil {
				return seen, err
			}
			waiting = false
		default:
			if len(r.made) == 0 {
				time.Sleep(settling)
				continue
			}
			again, err := r.again(r.made[r.next%len(r.made)])
			if err != nil {
				return seen, err
			}
			r.next++
			seen.During = append(seen.During, again)
		}
	}
	begun := time.Now()
	for _, one := range r.made {
		again, err := r.again(one)
		if err != nil {
			return seen, err
		}
		seen.Then = append(seen.Then, again)
	}
	if r.setup.Issued != nil {
		seen.Logged = r.logged(seen.Then, begun)
	}
	r.exchange(&seen)
	return seen, nil
}

// take pushes to proxies, and waits until all have it.
func (r *convergence) take(turns []Turn) error {
	var turned []*pod
	for _, turn := range turns {
		p := r.podOf(turn.Workload)
		if p == nil || p.envoy == nil || p.unable != "" {
			continue
		}
		if turn.Renewal != nil {
			if err := p.renew(r.setup.Issued, *turn.Renewal); err != nil {
				return err
			}
			continue
		}
		if err := p.push(r.states[turn.State][p]); err != nil {
			return err
		}
		turned = append(turned, p)
	}
	for _, p := range turned {
		if err := p.has(); err != nil {
			return fmt.Errorf("%s/%s: %w", p.workload.Namespace, p.workload.Name, err)
		}
	}
	return nil
}

func (r *convergence) again(one made) (Again, error) {
	seen, err := r.observe(one.client, one.attempt, one.request)
	if err != nil {
		return Again{}, err
	}
	return Again{Of: one.place, Call: seen}, nil
}
