//go:build linux

package dataplane

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"

	"istio.io/istio/pkg/spiffe"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/connections"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/injection"
	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// pod is one of a workload's.
type pod struct {
	*namespace
	workload *cluster.Workload
	// made is the pod in Kubernetes.
	made    *corev1.Pod
	proxy   *istiod.Proxy
	secrets *secrets
	app     *application
	envoy   *envoy
	// listening are the ports of its application.
	listening map[int]bool
	// version counts what was pushed to a proxy that watches files, and served
	// is the last that each of those files has held which hold one resource;
	// handedOut are the versions of its secrets.
	version   int
	served    map[string]any
	handedOut map[string]int
	// marker leads through the router.
	marker net.Conn
	// unable says why its proxy doesn't run.
	unable string
}

// mesh is one that runs.
type mesh struct {
	server   *istiod.Server
	setup    Setup
	watched  bool
	network  *network
	recorder *recorder
	done     chan struct{}
	pods     []*pod
	byIP     map[string]*pod
	world    *application
	// markers takes the recorder's, so that nobody is told they were refused;
	// names is the cluster's DNS.
	markers, names net.PacketConn
	mesh           *authority
	roots          *authority
}

// start runs a mesh, with proxies whose configuration can be changed if they
// watch files.
func (r *Runner) start(server *istiod.Server, setup Setup, watched bool) (*mesh, error) {
	m := &mesh{server: server, setup: setup, watched: watched, done: make(chan struct{}), byIP: map[string]*pod{}}
	var err error
	if m.mesh, err = newAuthority("mesh"); err != nil {
		return nil, err
	}
	if m.roots, err = newAuthority("world"); err != nil {
		return nil, err
	}
	var addresses []string
	for _, workload := range server.Cluster.Workloads {
		for _, made := range workload.Pods() {
			addresses = append(addresses, made.Status.PodIP)
		}
	}
	if m.network, err = newNetwork(server.Cluster, addresses); err != nil {
		return nil, err
	}
	if err := m.fill(r.Envoy); err != nil {
		m.close()
		return nil, err
	}
	return m, nil
}

func (m *mesh) fill(binary string) (err error) {
	if m.recorder, err = startRecorder(m.network.router); err != nil {
		return err
	}
	go m.recorder.watch(m.done)
	m.world = newApplication(worldAddress, m.roots, m.setup.Ends)
	outside, err := m.network.world.listen(worldPort)
	if err != nil {
		return err
	}
	m.world.serve(outside)
	if m.markers, err = m.network.world.listenPacket(markerPort); err != nil {
		return err
	}
	if m.names, err = m.network.world.listenPacket(namesPort); err != nil {
		return err
	}
	go answerNames(m.server, m.names)
	for _, workload := range m.server.Cluster.Workloads {
		for _, made := range workload.Pods() {
			p := &pod{namespace: m.network.pods[made.Status.PodIP], workload: workload, made: made}
			m.pods = append(m.pods, p)
			m.byIP[p.ip()] = p
			if err := m.fillPod(p, binary); err != nil {
				return err
			}
		}
	}
	for _, p := range m.pods {
		if p.envoy != nil {
			if err := p.envoy.ready(p.namespace); err != nil {
				p.unable = err.Error()
			}
		}
	}
	return nil
}

// fillPod starts a pod's application and its sidecar.
func (m *mesh) fillPod(p *pod, binary string) error {
	p.app = newApplication(p.ip(), m.roots, m.setup.Ends)
	open := slices.DeleteFunc(connections.PortsOf(m.server, p.workload), func(port int) bool { return slices.Contains(m.setup.Closed, port) })
	if err := p.listenOn(open); err != nil {
		return err
	}
	if err := p.do(func() (err error) {
		p.marker, err = net.Dial("udp4", net.JoinHostPort(worldAddress, strconv.Itoa(markerPort)))
		return err
	}); err != nil {
		return err
	}
	switch p.workload.Injection.Proxy {
	case injection.None:
		return nil
	case injection.Sidecar:
	default:
		p.unable = fmt.Sprintf("the proxy is %s", p.workload.Injection.Proxy)
		return nil
	}
	p.proxy = m.server.Connect(m.server.OfPod(p.workload, p.made))
	var err error
	if p.secrets, err = m.secretsOf(p.workload); err != nil {
		return err
	}
	configuration, err := m.startingWith(p)
	if err != nil {
		return err
	}
	if p.envoy, err = startEnvoy(p.namespace, binary, configuration); err != nil {
		return err
	}
	return p.intercept(p.made)
}

// ip is the pod's address.
func (p *pod) ip() string { return p.made.Status.PodIP }

// calls says whether the pod makes its workload's calls.
func (p *pod) calls() bool { return p.made == p.workload.Pod }

// startingWith is the configuration that a pod's proxy starts with.
func (m *mesh) startingWith(p *pod) ([]byte, error) {
	if m.setup.Issued != nil {
		if err := p.handOut(m.setup.Issued, Renewal{Certificate: new(int), Roots: new(int)}); err != nil {
			return nil, err
		}
	}
	if !m.watched {
		return bootstrap(m.server, p.proxy, p.secrets, m.setup)
	}
	first, err := discoveryOf(m.server, p.proxy, p.secrets, m.setup)
	if err != nil {
		return nil, err
	}
	if err := p.push(first); err != nil {
		return nil, err
	}
	return watchingBootstrap(p.proxy)
}

// listenOn has the application of a pod take calls on ports, if it doesn't yet.
func (p *pod) listenOn(ports []int) error {
	if p.listening == nil {
		p.listening = map[int]bool{}
	}
	for _, port := range ports {
		if p.listening[port] {
			continue
		}
		listener, err := p.listen(port)
		if err != nil {
			return fmt.Errorf("listening on port %d: %w", port, err)
		}
		p.app.serve(listener)
		p.listening[port] = true
	}
	return nil
}

func (m *mesh) secretsOf(w *cluster.Workload) (*secrets, error) {
	signer, valid := m.mesh, day
	switch m.setup.Certificates[w.Namespace+"/"+w.Name] {
	case "expired":
		valid = -time.Minute
	case "foreign":
		signer = m.roots
	}
	mesh, err := signer.workload(spiffe.MustGenSpiffeURI(m.server.Cluster.MeshConfig, w.Namespace, w.ServiceAccount()), valid)
	if err != nil {
		return nil, err
	}
	own, err := m.roots.host("")
	if err != nil {
		return nil, err
	}
	return &secrets{mesh: mesh, own: own, meshRoots: m.mesh, roots: m.roots}, nil
}

func (m *mesh) close() {
	close(m.done)
	for _, p := range m.pods {
		if p.marker != nil {
			p.marker.Close()
		}
		if p.app != nil {
			p.app.close()
		}
	}
	if m.world != nil {
		m.world.close()
	}
	for _, one := range []net.PacketConn{m.markers, m.names} {
		if one != nil {
			one.Close()
		}
	}
	m.network.close()
}

func named(w *cluster.Workload) connections.Workload {
	return connections.Workload{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}
}
