import { leasesContract } from "../../test/leases-contract.js";
import { createInProcessLeases } from "./in-process.js";

leasesContract("in-process leases", async () => createInProcessLeases());
