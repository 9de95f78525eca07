package main

import (
	"fmt"
	"strings"

	"github.com/aws/jsii-runtime-go"
	mtls "github.com/cdk8s-istio-mtls/cdk8s-istio-mtls-go/cdk8sistiomtls"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	kplus "github.com/cdk8s-team/cdk8s-plus-go/cdk8splus28/v2"
)

// reporter prints what each synth finds. It must not panic.
type reporter struct{}

func (*reporter) Report(report *mtls.MtlsReport) {
	codes := []string{}
	for _, warning := range *report.Warnings {
		codes = append(codes, *warning.Code)
	}
	if len(codes) == 0 {
		codes = []string{"none"}
	}
	fmt.Printf("decided: %v of %v; warnings: %s\n", *report.Decided, *report.Summary.Connections, strings.Join(codes, " "))
}

func main() {
	defer jsii.Close()
	app := cdk8s.NewApp(nil)

	// The mesh is strict, and istiod signs with the company's CA.
	platform := cdk8s.NewChart(app, jsii.String("platform"), nil)
	mtls.NewStrictMeshMtls(platform, jsii.String("mtls"), nil)
	mtls.NewCustomCa(platform, jsii.String("ca"), &mtls.CustomCaProps{
		Source: mtls.CaSource_CertManager(&mtls.CertManagerCaProps{
			Issuer: mtls.CertManagerIssuer_ClusterIssuer(jsii.String("company-root")),
		}),
	})

	// One namespace still takes plaintext; in it, one workload takes none, but for its metrics.
	shop := cdk8s.NewChart(app, jsii.String("shop"), &cdk8s.ChartProps{Namespace: jsii.String("shop")})
	kplus.NewNamespace(shop, jsii.String("namespace"), &kplus.NamespaceProps{
		Metadata: &cdk8s.ApiObjectMetadata{
			Name:   jsii.String("shop"),
			Labels: &map[string]*string{"istio-injection": jsii.String("enabled")},
		},
	})
	web := kplus.NewDeployment(shop, jsii.String("web"), &kplus.DeploymentProps{
		ServiceAccount: kplus.NewServiceAccount(shop, jsii.String("web-account"), nil),
		Containers:     &[]*kplus.ContainerProps{{Image: jsii.String("web:1"), PortNumber: jsii.Number(8080)}},
	})
	ratings := kplus.NewDeployment(shop, jsii.String("ratings"), &kplus.DeploymentProps{
		Containers: &[]*kplus.ContainerProps{{
			Image: jsii.String("ratings:1"),
			Ports: &[]*kplus.ContainerPort{
				{Name: jsii.String("http"), Number: jsii.Number(9080)},
				{Name: jsii.String("metrics"), Number: jsii.Number(9090)},
			},
		}},
		PodMetadata: &cdk8s.ApiObjectMetadata{Labels: &map[string]*string{"app": jsii.String("ratings")}},
	})
	service := ratings.ExposeViaService(&kplus.DeploymentExposeViaServiceOptions{
		Name:  jsii.String("ratings"),
		Ports: &[]*kplus.ServicePort{{Name: jsii.String("http"), Port: jsii.Number(9080)}},
	})
	mtls.NewNamespaceOverride(shop, jsii.String("migration"), &mtls.NamespaceOverrideProps{Mode: mtls.MtlsMode_PERMISSIVE})
	mtls.NewWorkloadOverride(shop, jsii.String("ratings-mtls"), &mtls.WorkloadOverrideProps{
		Workload: ratings,
		Mode:     mtls.MtlsMode_STRICT,
		Ports:    &[]*mtls.PortMtls{{Port: jsii.Number(9090), Mode: mtls.MtlsMode_PERMISSIVE}},
	})

	// What would another rule do?
	before := mtls.MtlsAnalysis_Of(app, nil)
	legacy := mtls.Destination_OfService(shop, jsii.String("legacy"), service, &mtls.DestinationOptions{Tls: mtls.ClientTls_Disable()})
	after := before.WhatIf(&[]mtls.MtlsChange{mtls.MtlsChange_ReplaceAllWith(app)})
	for _, group := range *after.Diff().Groups {
		if group.To == mtls.ConnectionOutcome_BROKEN {
			fmt.Printf("broken by %s: %v\n", *(*group.Causes)[0], *group.Connections)
		}
	}

	// Only web may call ratings, and only to read; web calls nothing else.
	mtls.Calls_Of(web).To(service, &mtls.CallOptions{Methods: jsii.Strings("GET")})

	// Now a synth fails on it, before anything is written, and what doesn't fail it is printed.
	mtls.MtlsAnalysis_Attach(app, &mtls.MtlsAnalysisAttachOptions{Reporter: &reporter{}})
	if err := synth(app); err != nil {
		fmt.Println(err)
	}

	shop.Node().TryRemoveChild(legacy.Node().Id())
	app.Synth()
}

// synth turns the panic of a synth that fails into an error.
func synth(app cdk8s.App) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	app.Synth()
	return nil
}
