package connections

import (
	"errors"
	"slices"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"

	"istio.io/istio/pilot/pkg/simulation"
	"istio.io/istio/pkg/wellknown"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// probes are what a port's listener takes: of calls that speak HTTP, and of
// calls that speak anything else.
type probes struct {
	http, tcp taken
	// ambiguous is set when several filter chains match, which Envoy refuses.
	ambiguous bool
}

// taken says in which TLS calls of one protocol come through.
type taken struct {
	plaintext bool
	// mtls is a handshake with the mesh's certificates that the proxy ends.
	mtls bool
	// tls is a handshake that the proxy passes on to the application.
	tls bool
	// redis is set if Envoy's filter for Redis gets what comes through: it
	// answers nothing else.
	redis bool
}

// mode puts the probes into Istio's words.
func (p probes) mode() ServerMode {
	switch {
	case p.ambiguous:
		return UnknownMode
	case p.any().mtls && !p.any().plaintext:
		return Strict
	case p.any().mtls:
		return Permissive
	case p.any().plaintext:
		return Disable
	}
	return UnknownMode
}

// any is what calls of some protocol come through in: the mode is about TLS
// alone.
func (p probes) any() taken {
	return taken{
		plaintext: p.http.plaintext || p.tcp.plaintext,
		mtls:      p.http.mtls || p.tcp.mtls,
		tls:       p.http.tls || p.tcp.tls,
		redis:     p.http.redis || p.tcp.redis,
	}
}

// inbound asks a sidecar's inbound listeners, once for each port.
type inbound struct {
	proxy *istiod.Proxy
	ports map[int]probes
}

func newInbound(proxy *istiod.Proxy) *inbound {
	return &inbound{proxy: proxy, ports: map[int]probes{}}
}

func (in *inbound) probe(port int) probes {
	if known, asked := in.ports[port]; asked {
		return known
	}
	found := probes{}
	found.http = in.try(port, simulation.HTTP, &found.ambiguous)
	found.tcp = in.try(port, simulation.TCP, &found.ambiguous)
	in.ports[port] = found
	return found
}

func (in *inbound) try(port int, protocol simulation.Protocol, ambiguous *bool) taken {
	redis := false
	passes := func(tls simulation.TLSMode, ended bool) bool {
		chain, result := in.call(port, protocol, tls)
		redis = redis || (chain != nil && slices.ContainsFunc(chain.Filters, isForRedis))
		err := result.Error
		*ambiguous = *ambiguous || errors.Is(err, simulation.ErrMultipleFilterChain)
		return chain != nil && err == nil && ended == (chain.TransportSocket != nil)
	}
	found := taken{
		plaintext: passes(simulation.Plaintext, false),
		mtls:      passes(simulation.MTLS, true),
		tls:       passes(simulation.TLS, false),
	}
	found.redis = redis
	return found
}

func isForRedis(filter *listener.Filter) bool {
	return filter.Name == wellknown.RedisProxy
}

// call makes one call and gives the filter chain that it met.
func (in *inbound) call(port int, protocol simulation.Protocol, tls simulation.TLSMode) (*listener.FilterChain, simulation.Result) {
	var met *listener.FilterChain
	result := in.proxy.Run(simulation.Call{
		Address:  in.proxy.Node.IPAddresses[0],
		Port:     port,
		Protocol: protocol,
		TLS:      tls,
		CallMode: simulation.CallModeInbound,
		CustomListenerValidations: []simulation.CustomFilterChainValidation{
			func(chain *listener.FilterChain) error { met = chain; return nil },
		},
	})
	return met, result
}

// config names the filter chain that takes a client's calls of one kind, and
// where it sends them.
func (in *inbound) config(port int, client ClientTLS, kind kind) *InboundConfig {
	protocol, mode := simulation.TCP, simulation.TLS
	if kind == httpCall {
		protocol = simulation.HTTP
	}
	switch {
	case client == IstioMutual:
		mode = simulation.MTLS
	case client == Plaintext && kind != tlsCall:
		mode = simulation.Plaintext
	case client == UnknownTLS:
		return nil
	}
	chain, result := in.call(port, protocol, mode)
	if chain == nil || result.Error != nil {
		return &InboundConfig{Refused: result.Error.Error()}
	}
	return &InboundConfig{FilterChain: chain.Name, Cluster: result.ClusterMatched, TLS: serverTLS(chain.GetTransportSocket())}
}

// outcome says what comes of a client's TLS at this port, for one kind of call:
// whether it is one for Redis, nobody knows.
func (p probes) outcome(client ClientTLS, kind kind) Outcome {
	takes := p.tcp
	if kind == httpCall {
		takes = p.http
	}
	accepted := func(taken bool, outcome Outcome) Outcome {
		switch {
		case !taken:
			return Broken
		case takes.redis:
			return Undecided
		}
		return outcome
	}
	switch client {
	case IstioMutual:
		return accepted(takes.mtls, MTLS)
	case Plaintext:
		if kind == tlsCall {
			return accepted(takes.tls, TLS)
		}
		return accepted(takes.plaintext, PlaintextComes)
	case Simple:
		return accepted(takes.tls, TLS)
	case Mutual:
		if p.mode() == Strict {
			return accepted(takes.mtls, Undecided)
		}
		return accepted(takes.tls, TLS)
	}
	return Undecided
}

// withoutProxy says what comes of a client's TLS where nothing stands before
// the application.
func withoutProxy(client ClientTLS, kind kind) Outcome {
	switch client {
	case IstioMutual:
		return Broken
	case Plaintext:
		if kind == tlsCall {
			return TLS
		}
		return PlaintextComes
	case Simple, Mutual:
		return TLS
	}
	return Undecided
}
