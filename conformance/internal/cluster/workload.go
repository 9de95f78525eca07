package cluster

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	meshconfig "istio.io/api/mesh/v1alpha1"
	networkingbeta "istio.io/api/networking/v1beta1"
	"istio.io/istio/pkg/config"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/injection"
)

// created is when everything without a creationTimestamp was made: together,
// so that istiod breaks ties by name, and after all that is there already.
var created = metav1.NewTime(time.Date(2100, time.January, 1, 0, 0, 0, 0, time.UTC))

const tlsModeLabel = "security.istio.io/tlsMode"

// Workload is one workload of the manifests and the pods that it runs.
type Workload struct {
	Kind      string
	Namespace string
	Name      string
	// Annotations are its own, not those of its pods.
	Annotations map[string]string
	Injection   injection.Decision
	Pod         *corev1.Pod
	// Peer is a second pod, where the workload runs several; nil otherwise.
	Peer *corev1.Pod

	template *corev1.PodTemplateSpec
	owners   []metav1.OwnerReference
	// status is what the manifest of a Pod says of its addresses.
	status corev1.PodStatus
	// replicas are those that its manifest says, if it does.
	replicas *int32
	// numbered are the names that a StatefulSet gives its pods.
	numbered numbered
}

// IP is the address of the workload's pod, which makes its calls.
func (w *Workload) IP() string { return w.Pod.Status.PodIP }

// IPs are all addresses of the pod that makes the workload's calls.
func (w *Workload) IPs() []string { return ipsOf(w.Pod) }

func ipsOf(pod *corev1.Pod) []string {
	var all []string
	for _, ip := range pod.Status.PodIPs {
		all = append(all, ip.IP)
	}
	return all
}

// Pods are those that the workload runs.
func (w *Workload) Pods() []*corev1.Pod {
	if w.Peer == nil {
		return []*corev1.Pod{w.Pod}
	}
	return []*corev1.Pod{w.Pod, w.Peer}
}

// DeclaredCalls is the annotation in which a workload lists the calls that it
// makes. Istio doesn't know it: it says only which calls of a workload to its
// own pods somebody means to make.
const DeclaredCalls = "calls.istio-mtls/to"

// runsPeer says whether a workload gets a second pod: if it runs several, or
// may, as somebody may scale what lists its calls and names no number.
func (w *Workload) runsPeer() bool {
	_, declares := w.Annotations[DeclaredCalls]
	mayScale := declares && w.replicas == nil && w.Kind != "Pod" && w.Kind != "CronJob"
	return w.SeveralPods() || mayScale
}

// SeveralPods says whether a workload runs more than one pod. A manifest
// that names no number means one, except for a StatefulSet, which somebody
// scales.
func (w *Workload) SeveralPods() bool {
	switch w.Kind {
	case "DaemonSet":
		return true
	case "StatefulSet":
		return w.replicas == nil || *w.replicas > 1
	}
	return w.replicas != nil && *w.replicas > 1
}

// ServiceAccount is the identity the pod runs as.
func (w *Workload) ServiceAccount() string { return w.Pod.Spec.ServiceAccountName }

func (m *manifests) addWorkload(head *envelope, meta metav1.ObjectMeta, template *corev1.PodTemplateSpec, replicas *int32) *Workload {
	if template == nil { // A ReplicationController may do without, as the API has it.
		template = &corev1.PodTemplateSpec{}
	}
	workload := &Workload{
		Kind:      head.Kind,
		Namespace: namespaceOf(meta.Namespace),
		Name:      meta.Name,

		Annotations: meta.Annotations,

		template: template,
		owners:   meta.OwnerReferences,
		replicas: replicas,
	}
	m.owners[ownerKey(workload.Kind, workload.Namespace, workload.Name)] = true
	m.workloads = append(m.workloads, workload)
	return workload
}

func ownerKey(kind, namespace, name string) string { return kind + "/" + namespace + "/" + name }

// ownWorkloads leaves out those that another object of the manifests creates.
func (m *manifests) ownWorkloads() []*Workload {
	var own []*Workload
	for _, workload := range m.workloads {
		owned := false
		for _, owner := range workload.owners {
			owned = owned || m.owners[ownerKey(owner.Kind, workload.Namespace, owner.Name)]
		}
		if !owned {
			own = append(own, workload)
		}
	}
	return own
}

// run gives the workload its pod, as the controllers, the injector and the
// kubelet would leave it.
func (w *Workload) run(namespace *corev1.Namespace, index int, settings proxySettings) {
	name := strings.ToLower(w.Name + "-" + w.Kind)
	if w.Kind == "Pod" {
		name = w.Name
	}
	status := addressed(w.status, fmt.Sprintf("10.128.%d.%d", index/250, index%250+1))
	status.Phase = corev1.PodRunning
	status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name:              name,
			Namespace:         w.Namespace,
			UID:               types.UID(w.Namespace + "/" + name),
			Labels:            maps.Clone(w.template.Labels),
			Annotations:       maps.Clone(w.template.Annotations),
			CreationTimestamp: created,
		},
		Spec:   *w.template.Spec.DeepCopy(),
		Status: status,
	}
	if w.Kind != "Pod" {
		controller := true
		pod.OwnerReferences = []metav1.OwnerReference{{Kind: w.Kind, Name: w.Name, Controller: &controller}}
	}
	defaultPod(pod)
	w.Injection = injection.Decide(namespace, pod).Customize(pod, settings.meshConfig, settings.variables(w.Namespace))
	label(pod, w.Injection.Proxy)
	labelNetwork(pod, w.Injection.Proxy, settings.injector)
	w.Pod = pod
}

// addressed completes what a manifest says of a pod's addresses: those that it
// names are the pod's, and a pod on the host's network has the host's.
func addressed(given corev1.PodStatus, otherwise string) corev1.PodStatus {
	status := corev1.PodStatus{HostIP: given.HostIP, HostIPs: given.HostIPs, PodIP: given.PodIP, PodIPs: given.PodIPs}
	if status.PodIP == "" && len(status.PodIPs) > 0 {
		status.PodIP = status.PodIPs[0].IP
	}
	if status.PodIP == "" {
		status.PodIP = otherwise
	}
	if len(status.PodIPs) == 0 {
		status.PodIPs = []corev1.PodIP{{IP: status.PodIP}}
	}
	return status
}

// runPeer gives the workload a second pod like the first.
func (w *Workload) runPeer(index int) {
	ip := fmt.Sprintf("10.129.%d.%d", index/250, index%250+1)
	w.Peer = w.Pod.DeepCopy()
	w.Peer.Name += "-1"
	w.Peer.UID += "-1"
	w.Peer.Status.PodIP, w.Peer.Status.PodIPs = ip, []corev1.PodIP{{IP: ip}}
}

// proxySettings are what the injector goes by besides the pod.
type proxySettings struct {
	meshConfig *meshconfig.MeshConfig
	// environment has the variables of ProxyConfigs, by namespace.
	environment map[string][]string
	injector    injection.Values
}

func (s proxySettings) variables(namespace string) []string {
	return slices.Concat(s.environment[namespace], s.environment[s.meshConfig.RootNamespace])
}

func newProxySettings(meshConfig *meshconfig.MeshConfig, configs []config.Config, injector injection.Values) proxySettings {
	environment := map[string][]string{}
	for _, config := range configs {
		if own, isProxyConfig := config.Spec.(*networkingbeta.ProxyConfig); isProxyConfig {
			environment[config.Namespace] = slices.AppendSeq(environment[config.Namespace], maps.Keys(own.EnvironmentVariables))
		}
	}
	return proxySettings{meshConfig: meshConfig, environment: environment, injector: injector}
}

func defaultPod(pod *corev1.Pod) {
	if pod.Spec.ServiceAccountName == "" {
		pod.Spec.ServiceAccountName = "default"
	}
	for _, containers := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for c := range containers {
			for p := range containers[c].Ports {
				if containers[c].Ports[p].Protocol == "" {
					containers[c].Ports[p].Protocol = corev1.ProtocolTCP
				}
			}
		}
	}
}

// label adds what the sidecar's injection template adds, and only that one:
// the templates of gateways and grpc-agent set no tlsMode.
func label(pod *corev1.Pod, proxy injection.Proxy) {
	if (proxy != injection.Sidecar && proxy != injection.Custom) || pod.Labels[tlsModeLabel] != "" {
		return
	}
	if pod.Labels == nil {
		pod.Labels = map[string]string{}
	}
	pod.Labels[tlsModeLabel] = "istio"
}

// labelNetwork adds the network that the injector is told, whatever it injects.
func labelNetwork(pod *corev1.Pod, proxy injection.Proxy, injector injection.Values) {
	injected := []injection.Proxy{injection.Sidecar, injection.Custom, injection.Router, injection.GRPC, injection.Waypoint}
	if network := injector.NetworkOf(pod.Labels); network != "" && slices.Contains(injected, proxy) {
		if pod.Labels == nil {
			pod.Labels = map[string]string{}
		}
		pod.Labels[injection.NetworkLabel] = network
	}
}
