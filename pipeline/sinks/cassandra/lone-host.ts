/**
 * The driver's own load balancing, but for a cluster of one host: there the driver would hash every
 * row's partition key to learn which replica holds it, a twentieth of its work, and find the only
 * one.
 */
import cassandra from "cassandra-driver";

const { DefaultLoadBalancingPolicy } = cassandra.policies.loadBalancing;

export class LoneHostPolicy extends DefaultLoadBalancingPolicy {
  #hosts: cassandra.HostMap | undefined;

  override init(
    client: cassandra.Client,
    hosts: cassandra.HostMap,
    callback: cassandra.EmptyCallback,
  ): void {
    this.#hosts = hosts;
    super.init(client, hosts, callback);
  }

  override newQueryPlan(
    keyspace: string,
    execution: cassandra.ExecutionOptions | null,
    callback: (error: Error, iterator: Iterator<cassandra.Host>) => void,
  ): void {
    const asked = this.#hosts?.length === 1 ? null : execution;
    super.newQueryPlan(keyspace, asked as cassandra.ExecutionOptions, callback);
  }
}
