//go:build linux

package dataplane

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/istiod"
)

// discovery is what istiod sends a proxy in one state of a mesh, each type of
// resource in files that the proxy watches: Envoy reads routes and endpoints
// one a file.
type discovery struct {
	listeners, clusters []any
	// routes and endpoints are by the file that holds them.
	routes, endpoints map[string]any
}

const (
	listenersFile = "/run/listeners.json"
	clustersFile  = "/run/clusters.json"
	typePrefix    = "type.googleapis.com/envoy.config."
	listenerType  = typePrefix + "listener.v3.Listener"
	clusterType   = typePrefix + "cluster.v3.Cluster"
	routesType    = typePrefix + "route.v3.RouteConfiguration"
	endpointsType = typePrefix + "endpoint.v3.ClusterLoadAssignment"
)

func routesFile(name string) string { return numbered("routes", name) }

func endpointsFile(name string) string { return numbered("endpoints", name) }

// numbered is a file for a name that may hold anything.
func numbered(kind, name string) string {
	hash := fnv.New64a()
	hash.Write([]byte(name))
	return fmt.Sprintf("/run/%s-%x.json", kind, hash.Sum64())
}

// watching has Envoy take a resource from a file, whenever another file takes
// its place.
func watching(file string) fields {
	return fields{"pathConfigSource": fields{"path": file}, "resourceApiVersion": "V3"}
}

// discoveryOf writes what istiod sends a proxy.
func discoveryOf(server *istiod.Server, proxy *istiod.Proxy, known *secrets, setup Setup) (*discovery, error) {
	w := &writer{secrets: known, setup: setup, routes: fields{}, watched: true, asked: map[string]bool{}, endpoints: map[string]any{}}
	listeners, clusters, err := w.configuration(server, proxy)
	if err != nil {
		return nil, err
	}
	made := &discovery{routes: map[string]any{}, endpoints: w.endpoints}
	for name := range w.asked {
		written := w.routes[name]
		if written == nil {
			written = fields{"name": name}
		}
		made.routes[routesFile(name)] = typed(written, routesType)
	}
	for _, one := range listeners {
		made.listeners = append(made.listeners, typed(one, listenerType))
	}
	for _, one := range clusters {
		made.clusters = append(made.clusters, typed(one, clusterType))
	}
	return made, nil
}

func typed(resource any, name string) any {
	resource.(fields)["@type"] = name
	return resource
}

// cluster writes a cluster whose endpoints are known: in a file of their own,
// where istiod would send them apart.
func (w *writer) cluster(kind cluster.Cluster_DiscoveryType, made *cluster.Cluster) (any, error) {
	if !w.watched {
		written, err := w.write(made)
		if err == nil && w.observed() && !w.setup.isPooled(made.Name) {
			oneRequestEach(written.(fields))
		}
		return written, err
	}
	file := endpointsFile(made.Name)
	if kind == cluster.Cluster_EDS {
		endpoints, err := w.write(made.LoadAssignment)
		if err != nil {
			return nil, err
		}
		w.endpoints[file] = typed(endpoints, endpointsType)
		made.LoadAssignment = nil
		made.ClusterDiscoveryType = &cluster.Cluster_Type{Type: cluster.Cluster_EDS}
		made.EdsClusterConfig = &cluster.Cluster_EdsClusterConfig{ServiceName: made.Name}
	}
	written, err := w.write(made)
	if err != nil {
		return nil, err
	}
	if kind == cluster.Cluster_EDS {
		written.(fields)["edsClusterConfig"].(fields)["edsConfig"] = watching(file)
	}
	if !w.setup.isPooled(made.Name) {
		oneRequestEach(written.(fields))
	}
	return written, nil
}

const httpOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"

// oneRequestEach has a cluster make a connection for each request, so that what
// is called is what is configured now, and not what an earlier request met.
func oneRequestEach(cluster fields) {
	options := inside(cluster, "typedExtensionProtocolOptions")
	if options[httpOptions] == nil {
		options[httpOptions] = fields{"@type": "type.googleapis.com/" + httpOptions, "explicitHttpConfig": fields{"httpProtocolOptions": fields{}}}
	}
	inside(inside(options, httpOptions), "commonHttpProtocolOptions")["maxRequestsPerConnection"] = 1
}

func inside(outer fields, name string) fields {
	inner, isThere := outer[name].(fields)
	if !isThere {
		inner = fields{}
		outer[name] = inner
	}
	return inner
}

// watchingBootstrap has Envoy take everything from files.
func watchingBootstrap(proxy *istiod.Proxy) ([]byte, error) {
	made := frame(proxy)
	made["dynamic_resources"] = fields{"lds_config": watching(listenersFile), "cds_config": watching(clustersFile)}
	return json.Marshal(made)
}

// push gives a pod's proxy another configuration, in istiod's order: clusters,
// endpoints, listeners, routes. What something new asks for is there before it.
func (p *pod) push(next *discovery) error {
	p.version++
	if p.served == nil {
		p.served = map[string]any{}
	}
	for _, all := range []map[string]any{next.endpoints, next.routes} {
		for file, resource := range all {
			if p.served[file] == nil {
				if err := p.serve(file, resource); err != nil {
					return err
				}
			}
			p.served[file] = resource
		}
	}
	if err := p.serve(clustersFile, next.clusters...); err != nil {
		return err
	}
	if err := p.serveAll("/run/endpoints-"); err != nil {
		return err
	}
	if err := p.serve(listenersFile, next.listeners...); err != nil {
		return err
	}
	return p.serveAll("/run/routes-")
}

// serveAll writes also what nothing asks for any more: a listener that is
// drained still does.
func (p *pod) serveAll(prefix string) error {
	for file, resource := range p.served {
		if strings.HasPrefix(file, prefix) {
			if err := p.serve(file, resource); err != nil {
				return err
			}
		}
	}
	return nil
}

// serve puts a file in the place of another, at once.
func (p *pod) serve(file string, resources ...any) error {
	if resources == nil {
		resources = []any{}
	}
	text, err := json.Marshal(fields{"versionInfo": strconv.Itoa(p.version), "resources": resources})
	if err != nil {
		return err
	}
	return p.do(func() error {
		draft := file + ".next"
		if err := os.WriteFile(draft, text, 0o600); err != nil {
			return err
		}
		if err := os.Chown(draft, proxyID, proxyID); err != nil {
			return err
		}
		return os.Rename(draft, file)
	})
}

// pushTime is how long a proxy may take to have a configuration.
const pushTime = 10 * time.Second

// workerTime is how long the thread that takes connections may take to have
// what the main one has.
const workerTime = 20 * time.Millisecond

// has waits until the proxy has all that was pushed to it.
func (p *pod) has() error {
	wanted := strconv.Itoa(p.version)
	var lacking string
	for deadline := time.Now().Add(pushTime); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		stats, err := p.ask(http.MethodGet, "/stats?filter="+url.QueryEscape(statsAsked))
		if err != nil {
			lacking = err.Error()
			continue
		}
		if lacking = notYet(string(stats), wanted); lacking == "" {
			time.Sleep(workerTime)
			return nil
		}
	}
	return fmt.Errorf("a proxy doesn't take its configuration: %s: %s", lacking, strings.TrimSpace(p.envoy.log.String()))
}

// statsAsked are the versions of all that Envoy subscribes to, and what waits.
const statsAsked = "(version_text$|clusters?_warming|warming_clusters|listeners_warming|update_rejected)"

// notYet is the first line of the stats that says that something is missing.
func notYet(stats, version string) string {
	var versions int
	for line := range strings.Lines(stats) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch {
		case strings.HasSuffix(name, "version_text"):
			versions++
			if strings.Trim(value, `"`) != version {
				return line
			}
		case value != "0":
			return line
		}
	}
	if versions < 2 {
		return "no versions"
	}
	return ""
}
